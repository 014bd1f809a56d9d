package org.treatydb.kv.enclave.wal;

import java.util.List;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.LogHead;

/**
 * A record of the WAL. Two-phase commit will add prepared and decided transactions beside what a single node
 * needs.
 */
public sealed interface WalRecord {

  /** One transaction's writes, all of them, committed by this record. */
  record Commit(TransactionId transaction, long timestamp, List<Write> writes) implements WalRecord {}

  /**
   * A bulk load went past the WAL into the leaves, here in the order of commits; what it brought is in the MANIFEST, which must lead
   * through this head. So the load cannot be cut off the MANIFEST while later commits stay.
   */
  record Loaded(LogHead manifestHead) implements WalRecord {}

  /**
   * One write. The arrays are shared and must not change.
   *
   * @param value null for a delete
   */
  record Write(byte[] key, byte[] value) {}
}
