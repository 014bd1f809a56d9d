package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.dist.node.CasServer;
import org.treatydb.jdbc.admin.AdministrationSocket;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.host.file.StateDirectory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the nodes of a cluster until the process is told to end. */
@Command(
    name = "run",
    description = "Serves the nodes of the cluster that 'treaty cas init' has made, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true)
final class CasRunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(CasRunCommand.class);

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The service's directory.")
  private Path data;

  @Option(names = "--listen", required = true, paramLabel = "HOST:PORT", description = "The address to serve; port 0 takes a free one.")
  private String listen;

  @Mixin
  private StoreArguments store;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Endpoint address = Endpoint.parse(listen);
    if (!EmbeddedStore.exists(data)) {
      throw new KvException.Unavailable(
          ErrorCode.NOT_A_STORE, "there is no configuration service at " + data + ": 'treaty cas init' makes one", null);
    }
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    try (EmbeddedStore open = EmbeddedStore.open(data, store.options());
        CasServer server = new CasServer(open, address, new SystemClock(), new SystemEntropy());
        AdministrationSocket administration = openAdministration(open, server)) {
      LOG.debug("Administration socket: {}", administration);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> {
        told.countDown();
        awaitQuietly(ended);
      }, "treaty-exit"));
      PrintWriter out = spec.commandLine().getOut();
      out.println("listening on " + server.address());
      out.flush();
      told.await();
      LOG.info("Ending: {}", data);
    } finally {
      ended.countDown();
    }
    return 0;
  }

  private static void awaitQuietly(CountDownLatch ended) {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null if there can be none: a service that cannot be asked while it runs is better than none. */
  private AdministrationSocket openAdministration(EmbeddedStore open, CasServer server) {
    CasOperations operations = new CasOperations(new CasAdministration(open), server::recheck);
    try {
      return AdministrationSocket.open(StateDirectory.administrationSocket(data.toRealPath()), open::backup, operations::run);
    } catch (IOException e) {
      LOG.warn("No administration socket, so 'treaty cas' has to wait until this service is stopped: {}", e.toString());
      return null;
    }
  }
}
