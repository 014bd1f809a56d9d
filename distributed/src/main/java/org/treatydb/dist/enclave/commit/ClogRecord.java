package org.treatydb.dist.enclave.commit;

import java.util.List;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionId;

/**
 * A record of the Clog: what this node has decided, of transactions that it coordinates and of ranges of keys that come and go. That a
 * transaction was aborted is not logged: what is not here was.
 */
public sealed interface ClogRecord {

  /**
   * The decision to commit.
   *
   * @param participants the nodes that have to learn it
   */
  record Committed(TransactionId transaction, long timestamp, List<Integer> participants) implements ClogRecord {

    public Committed {
      participants = List.copyOf(participants);
    }
  }

  /** Every participant has logged that decision. */
  record Finished(TransactionId transaction) implements ClogRecord {}

  /** A range is being given away, or was taken over. */
  record Moving(Holding holding) implements ClogRecord {}

  /**
   * Of that range nothing needs to be remembered: it has gone, and its data with it; or it stays.
   *
   * @param mapVersion of the shard map that says so: an older one counts no more
   */
  record Settled(KeyRange range, long mapVersion) implements ClogRecord {}

  /** What is before the record with that counter value is needed no longer. */
  record Checkpoint(long neededFrom) implements ClogRecord {}
}
