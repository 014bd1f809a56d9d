package org.treatydb.dist.net;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A network that does what a test tells it. Without orders it delivers everything at once, on the caller's thread. What is lost is known to
 * be lost at once, so no test waits for a timeout; what is held is held until it is let go. Thread-safe.
 */
public final class MemoryNetwork {

  /** A request or the reply to one, on its way. */
  public record Message(int from, int to, boolean isReply, byte[] bytes) {}

  /** What becomes of a message. */
  public enum Fate {
    DELIVERED,
    LOST,
    /** A request only: executed twice, one after the other; the second reply is the one that arrives. */
    DOUBLED
  }

  /** Decides on each message; may block, or do things before it passes. Returns null to leave it to the next order. */
  @FunctionalInterface
  public interface Order {
    Fate decide(Message message);
  }

  /** An order that can be taken back. */
  public interface Standing extends AutoCloseable {
    @Override
    void close();
  }

  private final Map<Integer, Node> nodes = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Order> orders = new ArrayList<>();
  private final List<Message> delivered = new ArrayList<>();
  private final Set<Integer> cutOff = new HashSet<>();
  private boolean recording = true;

  /** A transport for a new boot of {@code node}; the one before it, if any, gets no more requests. */
  public Transport join(int node) {
    Node joined = new Node(node);
    nodes.put(node, joined);
    return joined;
  }

  /** Sees every message until it is taken back; of several, the newest is asked first. */
  public Standing order(Order order) {
    lock.lock();
    try {
      orders.addFirst(order);
    } finally {
      lock.unlock();
    }
    return () -> {
      lock.lock();
      try {
        orders.remove(order);
      } finally {
        lock.unlock();
      }
    };
  }

  /** Loses what matches. */
  public Standing lose(Predicate<Message> which) {
    return order(message -> which.test(message) ? Fate.LOST : null);
  }

  /** Executes matching requests twice. */
  public Standing doubles(Predicate<Message> which) {
    return order(message -> !message.isReply() && which.test(message) ? Fate.DOUBLED : null);
  }

  /** Holds what matches until the order is taken back. */
  public Standing hold(Predicate<Message> which) {
    CountDownLatch released = new CountDownLatch(1);
    Standing standing = order(message -> {
      if (which.test(message)) {
        awaitUninterruptibly(released);
      }
      return null;
    });
    return () -> {
      standing.close();
      released.countDown();
    };
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing passes between {@code node} and the others, both ways, until {@link #mend}. */
  public void cutOff(int node) {
    lock.lock();
    try {
      cutOff.add(node);
    } finally {
      lock.unlock();
    }
  }

  public void mend(int node) {
    lock.lock();
    try {
      cutOff.remove(node);
    } finally {
      lock.unlock();
    }
  }

  /** Executes a request once more, or one that was never sent, as if {@code message.from()} had sent it; returns the reply. */
  public byte[] inject(Message message) {
    return nodes.get(message.to()).handler.handle(new Peer(message.from()), message.bytes());
  }

  /** Whether messages are remembered. They are, unless a test says otherwise. */
  public void record(boolean on) {
    lock.lock();
    try {
      recording = on;
      delivered.clear();
    } finally {
      lock.unlock();
    }
  }

  /** All messages delivered so far that match, in order. */
  public List<Message> delivered(Predicate<Message> which) {
    lock.lock();
    try {
      return delivered.stream().filter(which).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until {@code count} messages that match were delivered; returns them all. */
  public List<Message> await(int count, Predicate<Message> which) {
    lock.lock();
    try {
      while (true) {
        List<Message> found = delivered.stream().filter(which).toList();
        if (found.size() >= count) {
          return found;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private Fate fate(Message message) {
    List<Order> asked;
    lock.lock();
    try {
      if (message.from() != message.to() && (cutOff.contains(message.from()) || cutOff.contains(message.to()))) {
        return Fate.LOST;
      }
      asked = List.copyOf(orders);
    } finally {
      lock.unlock();
    }
    for (Order order : asked) {
      Fate fate = order.decide(message);
      if (fate != null) {
        return fate;
      }
    }
    return Fate.DELIVERED;
  }

  private void note(Message message) {
    lock.lock();
    try {
      if (recording) {
        delivered.add(message);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private final class Node implements Transport {

    private final int id;
    private volatile Handler handler;
    private volatile boolean closed;

    Node(int id) {
      this.id = id;
    }

    @Override
    public byte[] call(int node, byte[] request, long timeoutNanos) {
      Message asked = new Message(id, node, false, request.clone());
      Fate fate = fate(asked);
      if (fate == Fate.LOST || closed) {
        throw unreachable(node);
      }
      byte[] reply = deliver(asked);
      if (fate == Fate.DOUBLED) {
        reply = deliver(asked);
      }
      Message answered = new Message(node, id, true, reply.clone());
      if (fate(answered) == Fate.LOST || closed) {
        throw unreachable(node);
      }
      note(answered);
      return reply;
    }

    private byte[] deliver(Message asked) {
      Node target = nodes.get(asked.to());
      if (target == null || target.closed || target.handler == null) {
        throw unreachable(asked.to());
      }
      byte[] reply;
      try {
        reply = target.handler.handle(new Peer(id), asked.bytes().clone());
      } catch (RuntimeException e) {
        throw unreachable(asked.to());
      }
      note(asked);
      if (target.closed) {
        throw unreachable(asked.to());
      }
      return reply;
    }

    private static KvException unreachable(int node) {
      return new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + node + " does not answer");
    }

    @Override
    public void serve(Handler served) {
      this.handler = served;
    }

    @Override
    public void close() {
      closed = true;
      nodes.remove(id, this);
    }
  }
}
