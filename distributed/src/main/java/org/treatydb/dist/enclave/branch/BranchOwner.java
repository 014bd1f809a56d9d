package org.treatydb.dist.enclave.branch;

import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.boundary.Clock;

/** The transaction that a branch is of, as the branch needs it. */
public interface BranchOwner {

  /** What the branches of all transactions of a coordinator share. */
  record Surroundings(Transport transport, Clock clock, NodeClock ownClock) {}

  Surroundings surroundings();

  /** {@code request} as a call of this transaction's; {@code repeated}: it has been sent before. */
  BranchCall call(long number, boolean repeated, BranchRequest request);

  long lockTimeoutNanos();
}
