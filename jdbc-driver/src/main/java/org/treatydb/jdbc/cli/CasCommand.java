package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.jdbc.admin.ServedStore;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.host.file.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The configuration and attestation service of a cluster: makes one, runs it, and looks after it. */
@Command(
    name = "cas",
    description = "The configuration and attestation service of a cluster, which lets nodes in and gives them their keys. Commands that "
        + "look after it ask the service of the same user that has the directory open, or open it themselves.",
    mixinStandardHelpOptions = true,
    subcommands = {
        CasInitCommand.class, CasRunCommand.class, CasCommand.Allow.class, CasCommand.Forbid.class, CasCommand.Revoke.class,
        CasCommand.Readmit.class, CasCommand.Show.class})
final class CasCommand implements Callable<Integer> {

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: init, run, allow, forbid, revoke, readmit or show.");
  }

  /** A command that does one thing with the state of a service. */
  abstract static class Operation implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The service's directory.")
    private Path data;

    @Mixin
    private StoreArguments store;

    @Spec
    private CommandSpec spec;

    abstract String argument();

    @Override
    public Integer call() throws IOException {
      if (!EmbeddedStore.exists(data)) {
        throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "there is no configuration service at " + data, null);
      }
      PrintWriter out = spec.commandLine().getOut();
      run(spec.name(), argument()).forEach(out::println);
      out.flush();
      return 0;
    }

    private List<String> run(String verb, String argument) throws IOException {
      try (EmbeddedStore open = EmbeddedStore.open(data, store.options())) {
        return new CasOperations(new CasAdministration(open), () -> {}).run(verb, argument);
      } catch (KvException.Unavailable e) {
        if (e.code() != ErrorCode.STORE_IN_USE) {
          throw e;
        }
      }
      return new ServedStore(StateDirectory.administrationSocket(data.toRealPath())).cas(verb, argument);
    }
  }

  /** An operation on a measurement. */
  abstract static class OfMeasurement extends Operation {

    @Parameters(index = "1", paramLabel = "MEASUREMENT", description = "What 'treaty measure' prints on the node.")
    private String measurement;

    @Override
    String argument() {
      return measurement;
    }
  }

  /** An operation on a node. */
  abstract static class OfNode extends Operation {

    @Parameters(index = "1", paramLabel = "NODE", description = "The node's name.")
    private String node;

    @Override
    String argument() {
      return node;
    }
  }

  @Command(name = "allow", description = "Lets nodes that run this code join.", mixinStandardHelpOptions = true)
  static final class Allow extends OfMeasurement {}

  @Command(name = "forbid", description = "Lets nodes that run this code join no more.", mixinStandardHelpOptions = true)
  static final class Forbid extends OfMeasurement {}

  @Command(name = "revoke", description = "Shuts a node out: its certificates are revoked, and it cannot join.",
      mixinStandardHelpOptions = true)
  static final class Revoke extends OfNode {}

  @Command(name = "readmit", description = "Lets a node that was shut out join again.", mixinStandardHelpOptions = true)
  static final class Readmit extends OfNode {}

  @Command(name = "show", description = "Shows the cluster: what may join, and what has joined.", mixinStandardHelpOptions = true)
  static final class Show extends Operation {

    @Override
    String argument() {
      return "";
    }
  }
}
