package org.treatydb.dist.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** Serves each request to a branch as if it came for the first time: a control. */
final class RepeatingServices implements Transport.Handler {

  private final Transport.Handler services;
  private final Map<TransactionId, Long> numbers = new HashMap<>();

  RepeatingServices(Transport.Handler services) {
    this.services = services;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    if (!Service.of(request).equals(Optional.of(Service.BRANCHES))) {
      return services.handle(peer, request);
    }
    BranchCall call = BranchCodec.decodeCall(new ByteReader(request, 1, request.length - 1));
    if (call.request().isDecision()) {
      return services.handle(peer, request);
    }
    long number = numbers.merge(call.transaction(), 1L, Long::sum);
    ByteWriter out = new ByteWriter(request.length).u8(request[0]);
    BranchCodec.encode(new BranchCall(
        call.transaction(), number, false, call.oldestOpen(), call.clock(), call.mode(), call.timestamp(), call.lockTimeoutNanos(),
        call.request()), out);
    return services.handle(peer, out.toByteArray());
  }
}
