package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.host.file.StateDirectory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which a command finds a store's root key and counter. */
final class StoreArguments {

  @Option(names = "--key-file", paramLabel = "FILE", description = "The file with the root key, 64 hexadecimal digits.")
  private Path keyFile;

  @Option(names = "--passphrase-file", paramLabel = "FILE",
      description = "The file whose first line is the passphrase the root key is derived from.")
  private Path passphraseFile;

  @Option(names = "--counter-dir", paramLabel = "DIR", description = "The directory of the trusted counter, outside the data directory.")
  private Path counterDir;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  EmbeddedStoreOptions options() throws IOException {
    EmbeddedStoreOptions options = keys(spec, keyFile, passphraseFile, "--key-file", "--passphrase-file");
    return counterDir == null ? options : options.withCounterDirectory(counterDir);
  }

  /** As {@link #options}, for a copy of the store in {@code data}: the default key is that of {@code data}. */
  EmbeddedStoreOptions optionsForCopyOf(Path data) throws IOException {
    EmbeddedStoreOptions options = options();
    return keyFile == null && passphraseFile == null ? options.withKeyFile(StateDirectory.defaultKeyFile(data.toRealPath())) : options;
  }

  /** Options with that key, from a key file or a passphrase file, not both; with the default key if neither is named. */
  static EmbeddedStoreOptions keys(CommandSpec spec, Path keyFile, Path passphraseFile, String keyName, String passphraseName)
      throws IOException {
    if (keyFile != null && passphraseFile != null) {
      throw new ParameterException(spec.commandLine(), "Give either " + keyName + " or " + passphraseName + ", not both.");
    }
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults();
    if (keyFile != null) {
      return options.withKeyFile(keyFile);
    }
    return passphraseFile == null ? options : options.withPassphrase(firstLine("passphrase", passphraseFile).toCharArray());
  }

  /** The first line of a file, which holds a secret; {@code what}: which, for messages. */
  static String firstLine(String what, Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IOException("Cannot read the " + what + " file " + file + ".", e);
    }
    String first = text.lines().findFirst().orElse("");
    if (first.isEmpty()) {
      throw new IOException("The first line of the " + what + " file " + file + " is empty.");
    }
    return first;
  }
}
