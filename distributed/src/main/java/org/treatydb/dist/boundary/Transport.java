package org.treatydb.dist.boundary;

/**
 * Requests to the other attested nodes of the cluster, and from them. An implementation authenticates both ends, and keeps what
 * passes secret and unchanged; it does not keep the network from losing, delaying or cutting anything.
 *
 * <p>Thread-safe. Methods block the calling (virtual) thread.
 */
public interface Transport extends AutoCloseable {

  /** The longest request or reply, in bytes. */
  int MESSAGE_BYTES_MAX = 96 << 20;

  /** Serves requests; each call has a virtual thread of its own. What it throws closes the connection: errors are replies, too. */
  @FunctionalInterface
  interface Handler {

    /** The reply to {@code request} from {@code peer}. */
    byte[] handle(Peer peer, byte[] request);
  }

  /**
   * Sends a request to a node and waits for its reply. A request is never sent twice by this method.
   *
   * @throws org.treatydb.kv.api.KvException.Retryable with NODE_UNREACHABLE if no reply came in time: the node may have executed the
   *     request, may be about to, or may never have got it
   */
  byte[] call(int node, byte[] request, long timeoutNanos);

  /** Begins to serve requests, those of this node to itself included. Called once. */
  void serve(Handler handler);

  /** Refuses whoever calls, from now on, and ends the calls under way. */
  @Override
  void close();
}
