package org.treatydb.jdbc.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.meta.SessionService;

/**
 * Serves the sessions of one database over HTTP. Each request runs on a virtual thread of its own, so one that waits for a lock holds up no
 * other. Thread-safe.
 *
 * <p>Who sends requests is found out as {@link SignIn} says.
 */
public final class TreatyServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TreatyServer.class);

  /** Longer than any client keeps a socket that it does not use: whoever closes first must be the client, or it may lose a request. */
  private static final Duration SOCKET_IDLE_MAX = Duration.ofHours(2);
  /** A session without a transaction that nobody uses for this long ends. */
  private static final Duration SESSION_IDLE_MAX = Duration.ofHours(1);
  private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(2);
  private static final int IO_THREADS_MAX = 16;

  private final boolean tls;
  private final Server jetty;
  private final ServerConnector connector;
  private final StatisticsHandler inFlight = new StatisticsHandler();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("treaty-sweeper").factory());
  private SessionService sessions;
  private boolean everybodyWelcome;

  /** A server for {@code address} without TLS, not started; port 0 takes a free one. */
  public TreatyServer(InetSocketAddress address) {
    this(address, Optional.empty());
  }

  /** A server for {@code address}, not started; port 0 takes a free one. With TLS it asks for its certificate at each handshake. */
  public TreatyServer(InetSocketAddress address, Optional<Supplier<ServerCertificate>> tls) {
    this.tls = tls.isPresent();
    QueuedThreadPool threads = new QueuedThreadPool(IO_THREADS_MAX);
    threads.setName("treaty-http");
    this.jetty = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    this.connector = tls
        .map(certificate -> new ServerConnector(jetty, 1, 1,
            new SslConnectionFactory(ServerTls.factory(certificate), plain.getProtocol()), plain))
        .orElseGet(() -> new ServerConnector(jetty, 1, 1, plain));
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(SOCKET_IDLE_MAX.toMillis());
    jetty.addConnector(connector);
    jetty.setHandler(inFlight);
    ErrorHandler errors = new ErrorHandler();
    errors.setShowStacks(false);
    jetty.setErrorHandler(errors);
    jetty.setStopTimeout(STOP_MAX.toMillis());
  }

  /**
   * Takes the address. Who connects before {@link #start} waits for it.
   *
   * @throws IOException the address cannot be bound
   */
  public void bind() throws IOException {
    connector.open();
  }

  /** Lets people from other machines in as long as the database has no users. To be called before {@link #start}. */
  public void welcomeEverybody() {
    everybodyWelcome = true;
  }

  /**
   * Serves the sessions, at the address that {@link #bind} has taken. Called once.
   *
   * @throws IOException the server does not start
   */
  public void start(SessionService served) throws IOException {
    sessions = served;
    inFlight.setHandler(new ProtobufEndpoint(served, new SignIn(served, everybodyWelcome, System::nanoTime), tls, requests));
    try {
      jetty.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The server does not start: " + e.getMessage(), e);
    }
    sweeper.scheduleAtFixedRate(
        () -> served.closeIdleSessions(SESSION_IDLE_MAX), SWEEP_PERIOD.toSeconds(), SWEEP_PERIOD.toSeconds(), TimeUnit.SECONDS);
  }

  /** The port that is bound. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Takes no further clients and ends the sessions, which rolls back what they have open, each after its request under way. Waits for these
   * a few seconds at most.
   */
  @Override
  public void close() {
    sweeper.shutdownNow();
    connector.close();
    if (sessions != null) {
      sessions.close();
    }
    try {
      jetty.stop();
    } catch (Exception e) {
      LOG.warn("Requests were still under way when the server stopped: {}", e.toString());
    }
    requests.shutdown();
  }
}
