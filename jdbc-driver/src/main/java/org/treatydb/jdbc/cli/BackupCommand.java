package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.treatydb.jdbc.admin.ServedStore;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.StoreVerification;
import org.treatydb.kv.host.file.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a database, by itself or through the server that has it open, and reads the copy back. */
@Command(
    name = "backup",
    description = "Copies a database into a new or empty directory, and checks the copy. It stays encrypted under the same key, and opens "
        + "after 'treaty adopt'. If a server of the same user has the database open, the server makes the copy, and goes on serving "
        + "meanwhile. (A Java program copies the database it has open with EmbeddedStore.backup.)",
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
    BackupSummary made = copy();
    try (TerminalProgress progress = new TerminalProgress()) {
      StoreVerification.verifyCopy(to, store.optionsForCopyOf(data), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("Backed up to " + to + ", and read back: the state as of WAL record " + made.walRecord() + ", " + made.bytes() + " bytes.");
    out.flush();
    return 0;
  }

  private BackupSummary copy() throws IOException {
    try (TerminalProgress progress = new TerminalProgress(); EmbeddedStore open = EmbeddedStore.open(data, store.options())) {
      return open.backup(to, progress);
    } catch (KvException.Unavailable e) {
      if (e.code() != ErrorCode.STORE_IN_USE) {
        throw e;
      }
    }
    try (TerminalProgress progress = new TerminalProgress()) {
      return new ServedStore(StateDirectory.administrationSocket(data.toRealPath())).backup(to.toAbsolutePath(), progress);
    }
  }
}
