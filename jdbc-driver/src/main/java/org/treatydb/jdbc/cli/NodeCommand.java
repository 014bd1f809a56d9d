package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.node.NodeConfiguration;
import org.treatydb.dist.node.NodeProcess;
import org.treatydb.jdbc.admin.AdministrationSocket;
import org.treatydb.jdbc.meta.SessionService;
import org.treatydb.jdbc.server.ServerCertificate;
import org.treatydb.jdbc.server.TreatyServer;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.host.file.StateDirectory;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.session.TreatyDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one node of a cluster until the process is told to end. */
@Command(
    name = "node",
    description = "Runs a node of a cluster, as its configuration file says, and serves the whole cluster's database to JDBC clients, "
        + "until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);

  /** Buckets of a table that does not say how many: enough for a dozen nodes. */
  private static final int BUCKETS_DEFAULT = 12;

  private static final long START_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);
  private static final long START_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final String RETRYABLE = "40001";

  @Option(names = "--config", required = true, paramLabel = "FILE", description = "The node's configuration, a properties file.")
  private Path config;

  @Option(names = "--adopt-disk", description = "I vouch that this node's disk is the newest it ever had. Only for when so many nodes were "
      + "down at once that none remembers this one's counters; whatever is not on the disk is lost.")
  private boolean adoptDisk;

  @Option(names = "--insecure", description = "Serve JDBC without TLS on an address that other machines can reach, and let everybody in as "
      + "long as the database has no users: whoever reaches it can then read and change everything.")
  private boolean insecure;

  @Mixin
  private LimitArguments limits;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws SQLException, IOException, InterruptedException {
    ServerLogging.showAudit();
    NodeConfiguration configuration = NodeConfiguration.read(config);
    InetSocketAddress jdbc = new InetSocketAddress(
        InetAddress.getByName(configuration.listenJdbc().host()), configuration.listenJdbc().port());
    boolean tls = configuration.tlsForJdbc().orElse(!jdbc.getAddress().isLoopbackAddress());
    if (!jdbc.getAddress().isLoopbackAddress() && !tls && !insecure) {
      throw new ParameterException(spec.commandLine(), "Other machines can reach " + configuration.listenJdbc() + ", and without TLS what "
          + "they send could be read on the way. Leave out listen.jdbc.tls = off, or add --insecure if the network keeps everybody out.");
    }
    EmbeddedStoreOptions options = limits.addTo(EmbeddedStoreOptions.defaults());
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean serves = new AtomicBoolean();
    Thread onExit = new Thread(() -> {
      told.countDown();
      if (serves.get()) {
        awaitQuietly(ended);
      }
    }, "treaty-exit");
    AtomicReference<NodeProcess> certified = new AtomicReference<>();
    try (TreatyServer server = new TreatyServer(jdbc, tls ? Optional.of(() -> certificate(certified.get())) : Optional.empty())) {
      if (insecure) {
        server.welcomeEverybody();
      }
      server.bind();
      Runtime.getRuntime().addShutdownHook(onExit);
      try (NodeProcess node = new NodeProcess(configuration, options, adoptDisk);
          SqlDatabase sql = openSql(node);
          SessionService sessions = new SessionService(sql);
          AdministrationSocket administration = openAdministration(configuration, node)) {
        LOG.debug("Administration socket: {}", administration);
        certified.set(node);
        server.start(sessions);
        ServerLogging.warn(sessions, configuration.listenJdbc().host() + ":" + server.port(), insecure, tls);
        PrintWriter out = spec.commandLine().getOut();
        out.println("node " + node.member().name() + " serves JDBC on " + configuration.listenJdbc().host() + ":" + server.port());
        out.flush();
        serves.set(true);
        told.await();
      }
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private static ServerCertificate certificate(NodeProcess node) {
    NodeIdentity identity = node.identity();
    return new ServerCertificate(identity.privateKey(), List.of(identity.certificate()));
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the nodes that have the catalog, and for a majority. */
  private static SqlDatabase openSql(NodeProcess node) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (true) {
      try {
        return TreatyDatabase.over(node.store(), BUCKETS_DEFAULT);
      } catch (SQLException e) {
        if (!RETRYABLE.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
        LOG.info("Waiting for other nodes: {}", e.getMessage());
      }
      TimeUnit.NANOSECONDS.sleep(START_PAUSE_NANOS);
    }
  }

  /** Null if there can be none: a node that cannot be asked how it is is better than none. */
  private static AdministrationSocket openAdministration(NodeConfiguration configuration, NodeProcess node) {
    try {
      return AdministrationSocket.open(
          StateDirectory.administrationSocket(configuration.data().toRealPath()), NodeCommand::noBackup,
          (verb, argument) -> answer(node, verb, argument));
    } catch (IOException e) {
      LOG.warn("No administration socket, so 'treaty status' does not work here: {}", e.toString());
      return null;
    }
  }

  private static BackupSummary noBackup(Path to, Progress progress) {
    throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a node of a cluster cannot be backed up alone");
  }

  private static List<String> answer(NodeProcess node, String verb, String argument) {
    return switch (verb) {
      case StatusCommand.VERB -> node.status();
      case StatusCommand.SHARDS_VERB -> node.shards();
      case MoveRangeCommand.VERB -> MoveRangeCommand.run(node, argument);
      default -> throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a node cannot '" + verb + "'");
    };
  }
}
