package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.StoreVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a database that nobody has open, and reads the copy back. */
@Command(
    name = "backup",
    description = "Copies a database that nobody has open into a new or empty directory, and checks the copy. It stays encrypted under the "
        + "same key, and opens after 'treaty adopt'. (A Java program copies the database it has open with EmbeddedStore.backup.)",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The data directory.")
  private Path data;

  @Parameters(index = "1", paramLabel = "TO", description = "The directory of the backup: new or empty.")
  private Path to;

  @Mixin
  private StoreArguments store;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!EmbeddedStore.exists(data)) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "there is no Treaty store at " + data, null);
    }
    EmbeddedStoreOptions options = store.options();
    BackupSummary made;
    try (TerminalProgress progress = new TerminalProgress(); EmbeddedStore open = EmbeddedStore.open(data, options)) {
      made = open.backup(to, progress);
    }
    try (TerminalProgress progress = new TerminalProgress()) {
      StoreVerification.verifyCopy(to, options, progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("Backed up to " + to + ", and read back: the state as of WAL record " + made.walRecord() + ", " + made.bytes() + " bytes.");
    out.flush();
    return 0;
  }
}
