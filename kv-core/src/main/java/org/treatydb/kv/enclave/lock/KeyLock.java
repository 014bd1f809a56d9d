package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.List;

/** Who holds one key: one owner exclusively, or any number shared. Guarded by the table's lock. */
final class KeyLock {

  LockMode mode;
  final List<LockOwner> owners = new ArrayList<>(1);

  boolean isHeldBy(LockOwner owner) {
    return owners.contains(owner);
  }
}
