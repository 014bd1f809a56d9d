package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.StoreRekey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes the root key of a database that nobody has open. */
@Command(
    name = "rekey",
    description = "Changes the root key of a database that nobody has open. The data are not rewritten: whoever has a copy of the old "
        + "STORE file and the old key can still read copies of the database.",
    mixinStandardHelpOptions = true)
final class RekeyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The data directory.")
  private Path data;

  @Mixin
  private StoreArguments store;

  @Option(names = "--new-key-file", paramLabel = "FILE",
      description = "The file with the new root key. If it is not there it is made, with a random key.")
  private Path newKeyFile;

  @Option(names = "--new-passphrase-file", paramLabel = "FILE",
      description = "The file whose first line is the new passphrase.")
  private Path newPassphraseFile;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (newKeyFile == null && newPassphraseFile == null) {
      throw new ParameterException(spec.commandLine(), "Give --new-key-file or --new-passphrase-file.");
    }
    EmbeddedStoreOptions next =
        StoreArguments.keys(spec, newKeyFile, newPassphraseFile, "--new-key-file", "--new-passphrase-file");
    StoreRekey.run(data, store.options(), next);
    PrintWriter out = spec.commandLine().getOut();
    out.println("The root key is changed. From now on open the database in " + data + " with "
        + (newKeyFile == null ? "the new passphrase." : newKeyFile + "."));
    out.flush();
    return 0;
  }
}
