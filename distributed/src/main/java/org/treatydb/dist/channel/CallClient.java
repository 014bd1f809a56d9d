package org.treatydb.dist.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * Calls one server over one connection, which is made when it is first needed, and again after it was lost. A request is sent once at most:
 * what happens to a call whose connection is lost is unknown. Thread-safe; calls park their (virtual) thread.
 */
public final class CallClient implements AutoCloseable {

  private static final int DOUBLINGS_MAX = 20;

  private final String name;
  private final Supplier<Endpoint> where;
  private final Supplier<Security> security;
  private final EventLoops loops;
  private final ChannelLimits limits;
  private final Clock clock;
  private final CallWindow window;
  private final ReentrantLock lock = new ReentrantLock();
  private CompletableFuture<ClientConnection> connecting;
  private ClientConnection connection;
  private boolean closed;
  private int failures;
  private long notBeforeNanos;

  CallClient(String name, Supplier<Endpoint> where, Supplier<Security> security, EventLoops loops, ChannelLimits limits, Clock clock) {
    this.name = name;
    this.where = where;
    this.security = security;
    this.loops = loops;
    this.limits = limits;
    this.clock = clock;
    this.window = new CallWindow(limits.callsMax(), limits.callBytesMax());
    this.notBeforeNanos = clock.nanoTime();
  }

  /**
   * A client of a server that is no node, such as the configuration service.
   *
   * @param server the name that its certificate must have
   * @param where its address; asked each time a connection is made
   * @param identity what we show; nothing: we come as a stranger
   * @param servers checks the server's certificate against the authority that we know
   */
  public static CallClient toServer(String server, Supplier<Endpoint> where, Optional<NodeIdentity> identity, CertificateCheck servers,
      EventLoops loops, ChannelLimits limits, Clock clock) {
    return new CallClient(server, where, () -> Tls.toServer(server, identity, servers, loops, limits), loops, limits, clock);
  }

  /**
   * Sends a request and waits for its reply. A call that needs a connection takes part in one attempt to make it: the one under way, or the
   * next one, which after failures comes only after a pause.
   *
   * @throws KvException.Retryable with NODE_UNREACHABLE if no reply came in time, or none can come any more
   */
  public byte[] call(byte[] request, long timeoutNanos) {
    if (request.length > limits.messageBytesMax()) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED,
          "a message of " + request.length + " bytes, of which there may be " + limits.messageBytesMax());
    }
    long deadlineNanos = clock.nanoTime() + timeoutNanos;
    try {
      if (!window.enter(request.length, timeoutNanos)) {
        throw unreachable("too many calls are under way");
      }
      boolean sent = false;
      try {
        ClientConnection ready = connection().get(left(deadlineNanos), TimeUnit.NANOSECONDS);
        Call call = ready.send(request, () -> window.leave(request.length));
        sent = true;
        try {
          return call.reply().get(left(deadlineNanos), TimeUnit.NANOSECONDS);
        } finally {
          ready.forget(call);
        }
      } finally {
        if (!sent) {
          window.leave(request.length);
        }
      }
    } catch (TimeoutException e) {
      throw unreachable("no reply within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
    } catch (ExecutionException e) {
      throw unreachable(e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("the call was interrupted");
    }
  }

  private long left(long deadlineNanos) {
    return Math.max(0, deadlineNanos - clock.nanoTime());
  }

  private KvException.Retryable unreachable(String why) {
    return new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, name + " cannot be reached: " + why);
  }

  private CompletableFuture<ClientConnection> connection() {
    lock.lock();
    try {
      if (closed) {
        return CompletableFuture.failedFuture(new ChannelBrokenException("the channel is closed"));
      }
      if (connection != null && connection.isOpen()) {
        return connecting;
      }
      if (connecting == null || connecting.isDone()) {
        CompletableFuture<ClientConnection> attempt = new CompletableFuture<>();
        connecting = attempt;
        connection = null;
        long startNanos = notBeforeNanos;
        attempt.whenComplete((made, failure) -> attempted(made));
        Thread.ofVirtual().name("connect " + name).start(() -> connect(attempt, startNanos));
      }
      return connecting;
    } finally {
      lock.unlock();
    }
  }

  private void attempted(ClientConnection made) {
    lock.lock();
    try {
      connection = made;
      failures = made == null ? failures + 1 : 0;
      long pauseMillis = Math.min(limits.backOffMillisMax(), (long) limits.backOffMillisMin() << Math.min(failures, DOUBLINGS_MAX));
      notBeforeNanos = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    } finally {
      lock.unlock();
    }
  }

  private void connect(CompletableFuture<ClientConnection> attempt, long startNanos) {
    while (clock.nanoTime() - startNanos < 0 && !attempt.isDone()) {
      clock.parkUntil(attempt, startNanos);
    }
    try {
      Endpoint endpoint = where.get();
      Security used = security.get();
      loops.client(limits).handler(new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel channel) {
          used.protect(channel, channel.pipeline());
          channel.pipeline().addLast(FrameCodec.cutter(), new ClientConnection(channel, used, limits, attempt));
        }
      }).connect(new InetSocketAddress(endpoint.host(), endpoint.port())).addListener(connected -> {
        if (!connected.isSuccess()) {
          attempt.completeExceptionally(ChannelBrokenException.because("no connection", connected.cause()));
        }
      });
    } catch (RuntimeException e) {
      attempt.completeExceptionally(ChannelBrokenException.because("no connection", e));
    }
  }

  /** Makes a new connection for the calls to come. The present one serves the calls that are on it, and no more. */
  void renew() {
    lock.lock();
    try {
      if (connection != null) {
        connection.retire();
      } else if (connecting != null) {
        connecting.thenAccept(ClientConnection::retire);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the connection if the other end would not be let in any more. */
  void recheck() {
    lock.lock();
    try {
      if (connection != null) {
        connection.recheck();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the calls under way, and refuses new ones. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (connecting != null) {
        connecting.completeExceptionally(new ChannelBrokenException("the channel is closed"));
      }
      if (connection != null) {
        connection.close("the channel is closed");
      }
    } finally {
      lock.unlock();
    }
  }
}
