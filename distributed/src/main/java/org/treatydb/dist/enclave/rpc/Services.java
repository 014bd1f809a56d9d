package org.treatydb.dist.enclave.rpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;

/**
 * A node's services behind one handler: the first byte of a request says which is meant. A service that is not there (yet) answers with
 * nothing. Thread-safe.
 */
public final class Services implements Transport.Handler {

  private static final byte[] NOT_HERE = new byte[0];

  private final Map<Byte, Transport.Handler> handlers = new ConcurrentHashMap<>();

  /** Has {@code service} served, from now on. */
  public void add(Service service, Transport.Handler handler) {
    handlers.put(service.code(), handler);
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    Transport.Handler handler = request.length == 0 ? null : handlers.get(request[0]);
    if (handler == null) {
      return NOT_HERE;
    }
    byte[] inner = new byte[request.length - 1];
    System.arraycopy(request, 1, inner, 0, inner.length);
    return handler.handle(peer, inner);
  }
}
