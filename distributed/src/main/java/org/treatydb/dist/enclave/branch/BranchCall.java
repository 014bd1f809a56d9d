package org.treatydb.dist.enclave.branch;

import org.treatydb.kv.api.TransactionId;

/**
 * A request to a branch, with what makes it executed at most once.
 *
 * @param transaction names the coordinator and its boot, too
 * @param number counts the requests to this branch, from 1; a request that is repeated keeps its number
 * @param repeated whether it has been sent before, without an answer: then a participant that knows nothing of the branch has forgotten it
 * @param oldestOpen the sequence number of the coordinator's oldest open transaction in this boot: those before it have ended
 * @param clock the coordinator's clock
 * @param mode how the branch reads; the same in every request of a branch
 * @param timestamp at which the branch reads, unless it locks
 * @param lockTimeoutNanos how long it waits for one lock
 */
public record BranchCall(
    TransactionId transaction, long number, boolean repeated, long oldestOpen, long clock, Mode mode, long timestamp, long lockTimeoutNanos,
    BranchRequest request) {

  /** How a branch reads. */
  public enum Mode { LOCKING, OPTIMISTIC, READ_ONLY }
}
