package org.treatydb.dist.enclave.branch;

import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.wal.WalRecord;

/** What a coordinator asks a participant to do in its branch of a transaction. Arrays are shared and must not change. */
public sealed interface BranchRequest {

  /** Reads one key. Answered by {@link BranchReply.Values} with one value. */
  record Get(byte[] key, boolean forUpdate) implements BranchRequest {}

  /** Reads several keys. Answered by {@link BranchReply.Values}. */
  record MultiGet(List<byte[]> keys) implements BranchRequest {}

  /**
   * Opens a cursor. Answered by its first {@link BranchReply.Page}.
   *
   * @param cursor the coordinator's name for it, new in this branch
   */
  record Scan(int cursor, KeyRange range, boolean reverse, boolean forUpdate) implements BranchRequest {}

  /** Goes on with a cursor. Answered by its next {@link BranchReply.Page}. */
  record Next(int cursor) implements BranchRequest {}

  /** Closes a cursor that has not come to its end. */
  record CloseCursor(int cursor) implements BranchRequest {}

  /**
   * Writes, and votes. Answered by {@link BranchReply.Voted}.
   *
   * @param floor the vote's timestamp is above it
   */
  record Prepare(List<WalRecord.Write> writes, long floor) implements BranchRequest {}

  /**
   * Writes, and commits alone. Answered by {@link BranchReply.Committed}.
   *
   * @param floor the commit timestamp is above it
   * @param ceiling and not above this
   */
  record CommitAlone(List<WalRecord.Write> writes, long floor, long ceiling) implements BranchRequest {}

  /** Nothing but to take over the call's clock, for good: also a restart does not set this node's clock below it. */
  record TakeClock() implements BranchRequest {}

  /** The transaction commits at that timestamp. Ends the branch. */
  record Commit(long timestamp) implements BranchRequest {}

  /** The transaction is undone. Ends the branch. */
  record Abort() implements BranchRequest {}

  /** Whether the branch ends with this request, whatever came before. */
  default boolean isDecision() {
    return this instanceof Commit || this instanceof Abort;
  }
}
