package org.treatydb.kv.enclave.txn;

import org.treatydb.kv.api.KvTransaction;

/**
 * One node's part of a distributed transaction. {@link #commit} commits it alone, for a transaction with no other part that has
 * written; otherwise it is {@linkplain #prepare(long, Runnable) prepared} first.
 */
public interface Branch extends KvTransaction {

  /**
   * What a participant promises that has voted yes.
   *
   * @param timestamp the transaction commits at this timestamp or above
   * @param clockLimit up to here a restart of the node does not set its clock back: to commit above it, the clock has to be
   *     {@linkplain ParticipantStore#mergeClock merged} with the commit timestamp first
   */
  record Vote(long timestamp, long clockLimit) {}

  /**
   * Votes yes, or throws. When this returns, what was written here is logged and stable; it stays locked, over restarts, until
   * {@link ParticipantStore#commitPrepared} or {@link ParticipantStore#abortPrepared}. Of a branch that has written nothing, nothing is
   * logged: it keeps its locks until {@link #release} or {@link #rollback}. Neither is ended by a timeout any more.
   *
   * @param floor the vote's timestamp is above it
   * @param check is called when everything is locked that is to be, and before anything is logged; what it throws is the vote
   * @throws org.treatydb.kv.api.KvException.Retryable the vote is no, and the branch has been rolled back
   */
  Vote prepare(long floor, Runnable check);

  /** As {@link #prepare(long, Runnable)}, with nothing to check. */
  default Vote prepare(long floor) {
    return prepare(floor, () -> { });
  }

  /**
   * Commits what was written here; stable and visible when this returns.
   *
   * @param floor the commit timestamp is above it
   * @param ceiling the commit timestamp is not above it
   * @param check as for {@link #prepare(long, Runnable)}
   * @return the commit timestamp
   * @throws org.treatydb.kv.api.KvException.Retryable nothing was committed, and the branch has been rolled back; also if the clock is
   *     above the ceiling
   */
  long commit(long floor, long ceiling, Runnable check);

  /** As {@link #commit(long, long, Runnable)}, with nothing to check. */
  default long commit(long floor, long ceiling) {
    return commit(floor, ceiling, () -> { });
  }

  /** Ends a branch that has written nothing, of a transaction that was committed at {@code timestamp}. */
  void release(long timestamp);
}
