package org.treatydb.kv.enclave.wal;

import java.util.List;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.LogHead;

/** A record of the WAL. */
public sealed interface WalRecord {

  /** One transaction's writes, all of them, committed by this record. */
  record Commit(TransactionId transaction, long timestamp, List<Write> writes) implements WalRecord {}

  /**
   * A bulk load went past the WAL into the leaves, here in the order of commits; what it brought is in the MANIFEST, which must lead
   * through this head. So the load cannot be cut off the MANIFEST while later commits stay.
   */
  record Loaded(LogHead manifestHead) implements WalRecord {}

  /**
   * This node's part of a distributed transaction, which it will commit, or not, as it is told.
   *
   * @param timestamp that of the vote: it commits at this one or above
   */
  record Prepared(TransactionId transaction, long timestamp, List<Write> writes) implements WalRecord {}

  /**
   * The end of a transaction that has been prepared here.
   *
   * @param timestamp at which it is committed; {@link #ABORTED} if it is not
   */
  record Decided(TransactionId transaction, long timestamp) implements WalRecord {

    public static final long ABORTED = 0;

    public boolean isCommit() {
      return timestamp != ABORTED;
    }
  }

  /** The clock may have gone as far as {@code timestamp}: a later boot begins there. */
  record ClockLimit(long timestamp) implements WalRecord {}

  /**
   * One write. The arrays are shared and must not change.
   *
   * @param value null for a delete
   */
  record Write(byte[] key, byte[] value) {}
}
