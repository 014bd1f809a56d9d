package org.treatydb.dist.enclave.rpc;

import java.util.Arrays;
import java.util.Optional;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** The services of a node. The code is part of the format on the wire. */
public enum Service {
  BRANCHES(1),
  COUNTER(2),
  CLOCK(3),
  OUTCOMES(4),
  STATUS(5),
  WAITS(6),
  MOVES(7);

  private final byte code;

  Service(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  /** The service that a request which {@link #call} has sent is to: for those who count messages. Empty if it is to none. */
  public static Optional<Service> of(byte[] request) {
    return Arrays.stream(values()).filter(service -> request.length > 0 && request[0] == service.code).findFirst();
  }

  /**
   * As {@link Transport#call}, to this service.
   *
   * @throws KvException.Retryable with NODE_UNREACHABLE also if the node does not serve it (yet)
   */
  public byte[] call(Transport transport, int node, byte[] request, long timeoutNanos) {
    byte[] addressed = new byte[request.length + 1];
    addressed[0] = code;
    System.arraycopy(request, 0, addressed, 1, request.length);
    byte[] reply = transport.call(node, addressed, timeoutNanos);
    if (reply.length == 0) {
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + node + " is starting; run the transaction again");
    }
    return reply;
  }
}
