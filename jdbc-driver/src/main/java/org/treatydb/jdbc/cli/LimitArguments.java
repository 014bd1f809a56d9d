package org.treatydb.jdbc.cli;

import java.time.Duration;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that bound what a server's transactions may have. */
final class LimitArguments {

  @Option(names = "--transaction-idle-seconds", paramLabel = "SECONDS", defaultValue = "60",
      description = "After how long without a word from its client an open transaction is rolled back, if the client's URL says nothing "
          + "else. It may hold locks that others wait for. ${DEFAULT-VALUE} by default.")
  private long transactionIdleSeconds;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** {@code options} with what the command line says. */
  EmbeddedStoreOptions addTo(EmbeddedStoreOptions options) {
    return options.withTransactionLimits(TransactionLimits.DEFAULT
        .withIdleTimeout(seconds("--transaction-idle-seconds", transactionIdleSeconds)));
  }

  private Duration seconds(String name, long value) {
    if (value < 1) {
      throw new ParameterException(spec.commandLine(), name + " must be at least 1.");
    }
    return Duration.ofSeconds(value);
  }
}
