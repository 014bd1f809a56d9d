package org.treatydb.dist.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.enclave.codec.ByteReader;

/** A transport at each of whose steps the process can be killed. Thread-safe. */
final class KillableTransport implements Transport {

  /** What is asked for in moves, by the kind, which comes behind service and format. */
  private static final List<String> MOVES = List.of("Give", "Take", "Learn");

  private final Transport transport;
  private final KillSwitch steps;
  private final Map<Integer, Integer> counted = new ConcurrentHashMap<>();

  KillableTransport(Transport transport, KillSwitch steps) {
    this.transport = transport;
    this.steps = steps;
  }

  /** Requests that a node has answered as one that counts for this one. */
  int counted(int node) {
    return counted.getOrDefault(node, 0);
  }

  /** What is asked for: in a branch, or of a service. */
  private static String kind(byte[] request) {
    Service service = Service.values()[request[0] - 1];
    return switch (service) {
      case BRANCHES -> BranchCodec.decodeCall(new ByteReader(request, 1, request.length - 1)).request().getClass().getSimpleName();
      case MOVES -> MOVES.get(request[2] - 1);
      default -> service.name();
    };
  }

  @Override
  public byte[] call(int node, byte[] request, long timeoutNanos) {
    String kind = kind(request);
    steps.reach("before-sending-" + kind);
    byte[] reply = transport.call(node, request, timeoutNanos);
    steps.reach("after-reply-to-" + kind);
    if (kind.equals(Service.COUNTER.name()) && reply.length > 0) {
      counted.merge(node, 1, Integer::sum);
    }
    return reply;
  }

  @Override
  public void serve(Handler handler) {
    transport.serve((peer, request) -> {
      String kind = kind(request);
      steps.reach("before-serving-" + kind);
      byte[] reply = handler.handle(peer, request);
      steps.reach("before-replying-to-" + kind);
      return reply;
    });
  }

  @Override
  public void close() {
    transport.close();
  }
}
