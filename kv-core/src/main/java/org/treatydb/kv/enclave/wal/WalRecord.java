package org.treatydb.kv.enclave.wal;

import java.util.List;
import org.treatydb.kv.api.TransactionId;

/**
 * A record of the WAL. Two-phase commit will add prepared and decided transactions beside the one kind a single node
 * needs.
 */
public sealed interface WalRecord {

  /** One transaction's writes, all of them, committed by this record. */
  record Commit(TransactionId transaction, long timestamp, List<Write> writes) implements WalRecord {}

  /**
   * One write. The arrays are shared and must not change.
   *
   * @param value null for a delete
   */
  record Write(byte[] key, byte[] value) {}
}
