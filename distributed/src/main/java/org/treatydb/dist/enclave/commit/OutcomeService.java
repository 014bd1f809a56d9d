package org.treatydb.dist.enclave.commit;

import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.OutcomeCodec;
import org.treatydb.kv.enclave.codec.ByteReader;

/** Tells participants in doubt what this node, as a coordinator, has decided. Thread-safe. */
public final class OutcomeService implements Transport.Handler {

  private final DecisionLog decisions;

  public OutcomeService(DecisionLog decisions) {
    this.decisions = decisions;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    ByteReader in = new ByteReader(request);
    byte[] reply = OutcomeCodec.encode(decisions.outcome(BranchCodec.transaction(in)));
    in.expectEnd();
    return reply;
  }
}
