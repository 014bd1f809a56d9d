package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KeyRange;

/**
 * A transaction as the lock table knows it. Its fields belong to the table and are read and written under the table's
 * lock only.
 *
 * <p>{@code age}: smaller is older; of the transactions in a deadlock the youngest gives way.
 */
public final class LockOwner {

  final long age;
  final List<byte[]> keys = new ArrayList<>();
  final List<RangeLock> ranges = new ArrayList<>();
  LockRequest waiting;

  public LockOwner(long age) {
    this.age = age;
  }

  /** A range this owner has locked. */
  record RangeLock(LockOwner owner, KeyRange range, LockMode mode) {}
}
