package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.admin.AdministrationSocket;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.jdbc.server.ServerCertificate;
import org.treatydb.jdbc.server.TreatyServer;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.host.file.StateDirectory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves the database in one directory until the process is told to end. */
@Command(
    name = "server",
    description = "Serves the database in a directory to JDBC clients, at jdbc:treaty://HOST:PORT/, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data directory. A new one becomes a new database.")
  private Path data;

  @Option(names = "--listen", required = true, paramLabel = "HOST:PORT", description = "The address to serve; port 0 takes a free one.")
  private String listen;

  @Mixin
  private StoreArguments store;

  @Mixin
  private LimitArguments limits;

  @ArgGroup(exclusive = false)
  private TlsArguments tls;

  @Option(names = "--insecure", description = "Serve an address that other machines can reach without TLS, and let everybody in as long "
      + "as the database has no users: whoever reaches it can then read and change everything.")
  private boolean insecure;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws SQLException, IOException, InterruptedException {
    ServerLogging.showAudit();
    InetSocketAddress address = address();
    if (!address.getAddress().isLoopbackAddress() && tls == null && !insecure) {
      throw new ParameterException(spec.commandLine(), "Other machines can reach " + listen + ", and what they send could be read on the "
          + "way. Give a certificate, listen on 127.0.0.1, or add --insecure if the network keeps everybody else out.");
    }
    Optional<Supplier<ServerCertificate>> certificate = tls == null ? Optional.empty() : Optional.of(tls.read());
    EmbeddedStoreOptions options = limits.addTo(store.options());
    TreatyServer server = new TreatyServer(address, certificate);
    if (insecure) {
      server.welcomeEverybody();
    }
    Database database = bindAndOpen(server, options);
    AdministrationSocket administration = openAdministration(database);
    CountDownLatch ended = new CountDownLatch(1);
    Thread onExit = new Thread(() -> {
      try (database; server) {
        closeAdministration(administration);
        LOG.info("Ending: {}", data);
      } finally {
        ended.countDown();
      }
    }, "treaty-exit");
    try {
      server.start(database.sessions());
      Runtime.getRuntime().addShutdownHook(onExit);
    } catch (IOException e) {
      try (database; server) {
        closeAdministration(administration);
        throw cannotListen(e);
      }
    }
    String served = listen.substring(0, listen.lastIndexOf(':') + 1) + server.port();
    ServerLogging.warn(database.sessions(), served, insecure, tls != null);
    PrintWriter out = spec.commandLine().getOut();
    out.println("listening on " + served);
    out.flush();
    ended.await();
    return 0;
  }

  /** The address first: a call that is refused must leave no new database behind. */
  private Database bindAndOpen(TreatyServer server, EmbeddedStoreOptions options) throws SQLException, IOException {
    try {
      server.bind();
    } catch (IOException e) {
      server.close();
      throw cannotListen(e);
    }
    try {
      return Database.open(data, options, limits.statementTimeout(), limits.queryMemory());
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Null if there can be none: a database that cannot be backed up while it serves is better than none. */
  private AdministrationSocket openAdministration(Database database) {
    try {
      return AdministrationSocket.open(StateDirectory.administrationSocket(data.toRealPath()), database::backup);
    } catch (IOException e) {
      LOG.warn("No administration socket, so 'treaty backup' does not work while this server runs: {}", e.toString());
      return null;
    }
  }

  private static void closeAdministration(AdministrationSocket administration) {
    try (administration) {
      LOG.debug("Closing the administration socket");
    } catch (IOException e) {
      LOG.warn("The administration socket did not close cleanly: {}", e.toString());
    }
  }

  private IOException cannotListen(IOException e) {
    return new IOException("Cannot listen on " + listen + ": " + rootMessage(e) + ".", e);
  }

  private static String rootMessage(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  private InetSocketAddress address() {
    int colon = listen.lastIndexOf(':');
    try {
      int port = Integer.parseInt(listen.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= 65_535) {
        return new InetSocketAddress(InetAddress.getByName(listen.substring(0, colon)), port);
      }
    } catch (NumberFormatException e) {
      LOG.debug("Not a port", e);
    } catch (UnknownHostException e) {
      throw new ParameterException(spec.commandLine(), "The host of " + listen + " is not known.", e);
    }
    throw new ParameterException(spec.commandLine(), "'" + listen + "' is not HOST:PORT.");
  }
}
