package org.treatydb.dist.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;

/** A network between nodes in one process, whose links can be cut and whose replies can be lost. Thread-safe. */
final class LocalNetwork {

  /** What requests of branches begin with. */
  private static final byte BRANCHES = 1;

  private record Link(int from, int to) {}

  private final Map<Integer, Transport.Handler> handlers = new ConcurrentHashMap<>();
  private volatile BiPredicate<Integer, BranchRequest> lost = (_, _) -> false;
  private volatile BiPredicate<Integer, byte[]> lostRequests = (_, _) -> false;
  private volatile Predicate<byte[]> lostReplies = _ -> false;
  private final Set<Link> cut = ConcurrentHashMap.newKeySet();
  private final Set<Link> deaf = ConcurrentHashMap.newKeySet();

  /** Nothing from {@code from} reaches {@code to}. */
  void cut(int from, int to) {
    cut.add(new Link(from, to));
  }

  /** What {@code from} asks {@code to} is executed, and the reply lost. */
  void loseReplies(int from, int to) {
    deaf.add(new Link(from, to));
  }

  /** Requests of branches for which this holds, with the node they go to, are lost on their way. */
  void lose(BiPredicate<Integer, BranchRequest> which) {
    lost = which;
  }

  /** Requests for which this holds, with the node they go to, are lost on their way. */
  void loseRequests(BiPredicate<Integer, byte[]> which) {
    lostRequests = which;
  }

  /** Requests for which this holds are executed, and their replies lost. */
  void loseRepliesTo(Predicate<byte[]> which) {
    lostReplies = which;
  }

  private boolean isLost(int to, byte[] request) {
    if (lostRequests.test(to, request)) {
      return true;
    }
    if (request[0] != BRANCHES) {
      return false;
    }
    return lost.test(to, BranchCodec.decodeCall(new ByteReader(request, 1, request.length - 1)).request());
  }

  /** {@code node} reaches nobody, and nobody it. */
  void isolate(int node) {
    for (int other = 0; other < 10; other++) {
      if (other != node) {
        cut(node, other);
        cut(other, node);
      }
    }
  }

  void heal() {
    cut.clear();
    deaf.clear();
    lost = (_, _) -> false;
    lostRequests = (_, _) -> false;
    lostReplies = _ -> false;
  }

  Transport transport(int node) {
    return new Transport() {

      private volatile boolean closed;

      @Override
      public byte[] call(int to, byte[] request, long timeoutNanos) {
        Transport.Handler handler = handlers.get(to);
        if (closed) {
          throw new KvException.Closed(ErrorCode.STORE_CLOSED, "node " + node + " has ended");
        }
        if (handler == null || cut.contains(new Link(node, to)) || isLost(to, request)) {
          throw unreachable(to);
        }
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
          try {
            reply.complete(handler.handle(new Peer(node), request.clone()));
          } catch (RuntimeException | Error e) {
            reply.completeExceptionally(e);
          }
        });
        try {
          byte[] bytes = reply.get(timeoutNanos, TimeUnit.NANOSECONDS);
          if (lostReplies.test(request) || deaf.contains(new Link(node, to)) || cut.contains(new Link(to, node))) {
            throw unreachable(to);
          }
          return bytes.clone();
        } catch (TimeoutException | ExecutionException e) {
          throw unreachable(to);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw unreachable(to);
        }
      }

      @Override
      public void serve(Handler handler) {
        handlers.put(node, handler);
      }

      @Override
      public void close() {
        closed = true;
        handlers.remove(node);
      }
    };
  }

  private static KvException unreachable(int node) {
    return new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + node + " does not answer");
  }
}
