package org.treatydb.dist.enclave.rpc;

import java.util.EnumMap;
import java.util.Map;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;

/** A node's services behind one handler: the first byte of a request says which is meant. Set up before it serves; then thread-safe. */
public final class Services implements Transport.Handler {

  /** The services of a node. The code is part of the format on the wire. */
  public enum Service {
    BRANCHES(1),
    COUNTER(2),
    CLOCK(3),
    OUTCOMES(4),
    STATUS(5);

    private final byte code;

    Service(int code) {
      this.code = (byte) code;
    }

    /** What its requests begin with. */
    public int code() {
      return code;
    }

    /** {@code request} as this service's. */
    public byte[] address(byte[] request) {
      byte[] addressed = new byte[request.length + 1];
      addressed[0] = code;
      System.arraycopy(request, 0, addressed, 1, request.length);
      return addressed;
    }
  }

  private final Map<Service, Transport.Handler> handlers = new EnumMap<>(Service.class);

  public Services with(Service service, Transport.Handler handler) {
    handlers.put(service, handler);
    return this;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    for (Map.Entry<Service, Transport.Handler> each : handlers.entrySet()) {
      if (request.length > 0 && request[0] == each.getKey().code) {
        byte[] inner = new byte[request.length - 1];
        System.arraycopy(request, 1, inner, 0, inner.length);
        return each.getValue().handle(peer, inner);
      }
    }
    throw new IllegalArgumentException("a request for a service that is not here");
  }
}
