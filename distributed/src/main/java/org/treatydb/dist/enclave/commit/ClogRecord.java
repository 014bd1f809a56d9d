package org.treatydb.dist.enclave.commit;

import java.util.List;
import org.treatydb.kv.api.TransactionId;

/** A record of the coordinator's log. That a transaction was aborted is not logged: what is not here was. */
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

  /** What is before the record with that counter value is needed no longer. */
  record Checkpoint(long neededFrom) implements ClogRecord {}
}
