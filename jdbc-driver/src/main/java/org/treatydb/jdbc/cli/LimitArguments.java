package org.treatydb.jdbc.cli;

import java.time.Duration;
import org.treatydb.jdbc.embedded.ByteSize;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.sql.exec.QueryMemory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that bound what a server's store and its transactions may have. */
final class LimitArguments {

  private static final String MEMORY = "--memory";
  private static final String IDLE = "--transaction-idle-seconds";
  private static final String TIMEOUT = "--transaction-timeout-seconds";
  private static final String SNAPSHOT_AGE = "--snapshot-age-seconds";
  private static final String STATEMENT_TIMEOUT = "--statement-timeout-seconds";
  private static final String QUERY_MEMORY = "--query-memory";
  private static final String UNCOMMITTED = "--uncommitted-memory";

  @Option(names = MEMORY, paramLabel = "SIZE",
      description = "Memory for data, on the Java heap and outside, such as 512MB. A quarter of the heap by default, but at least 16MB and "
          + "at most 512MB.")
  private String memory;

  @Option(names = IDLE, paramLabel = "SECONDS", defaultValue = "60",
      description = "After how long without a word from its client an open transaction is rolled back (25P03), if the client's URL says "
          + "nothing else. It may hold locks that others wait for. ${DEFAULT-VALUE} by default.")
  private long idleSeconds;

  @Option(names = TIMEOUT, paramLabel = "SECONDS",
      description = "How long a transaction may last before it is rolled back (25P04), if the client's URL says nothing else. For ever by "
          + "default.")
  private Long timeoutSeconds;

  @Option(names = SNAPSHOT_AGE, paramLabel = "SECONDS", defaultValue = "3600",
      description = "How long overwritten and deleted rows are kept for the transactions that read snapshots; older ones may end with "
          + "72000. ${DEFAULT-VALUE} by default.")
  private long snapshotAgeSeconds;

  @Option(names = UNCOMMITTED, paramLabel = "SIZE",
      description = "Memory that the uncommitted writes of all transactions may take together, such as 256MB; statements that would take "
          + "more are refused (53200). A quarter of the heap by default.")
  private String uncommittedMemory;

  @Option(names = STATEMENT_TIMEOUT, paramLabel = "SECONDS",
      description = "How long a statement may take before it is cancelled (57014), if its client says nothing else. For ever by default.")
  private Long statementTimeoutSeconds;

  @Option(names = QUERY_MEMORY, paramLabel = "SIZE",
      description = "Memory that all statements together may take for rows they hold at once, to sort, group, join or change them, such as "
          + "256MB; one statement may take half of it. Those that would take more are refused (53200). A quarter of the heap by default.")
  private String queryMemory;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** {@code options} with what the command line says. */
  EmbeddedStoreOptions addTo(EmbeddedStoreOptions options) {
    TransactionLimits limits = TransactionLimits.DEFAULT
        .withIdleTimeout(seconds(IDLE, idleSeconds))
        .withSnapshotAgeMax(seconds(SNAPSHOT_AGE, snapshotAgeSeconds));
    if (timeoutSeconds != null) {
      limits = limits.withTimeout(seconds(TIMEOUT, timeoutSeconds));
    }
    if (uncommittedMemory != null) {
      limits = limits.withUncommittedBytesMax(bytes(UNCOMMITTED, uncommittedMemory));
    }
    EmbeddedStoreOptions limited = options.withTransactionLimits(limits);
    return memory == null ? limited : withMemory(limited);
  }

  /** How long a statement may take; zero for no limit. */
  Duration statementTimeout() {
    return statementTimeoutSeconds == null ? Duration.ZERO : seconds(STATEMENT_TIMEOUT, statementTimeoutSeconds);
  }

  /** What statements may hold of rows in memory. */
  QueryMemory queryMemory() {
    if (queryMemory == null) {
      return QueryMemory.ofHeap();
    }
    long bytes = bytes(QUERY_MEMORY, queryMemory);
    if (bytes < 1) {
      throw new ParameterException(spec.commandLine(), QUERY_MEMORY + " must be at least 1.");
    }
    return new QueryMemory(bytes);
  }

  private EmbeddedStoreOptions withMemory(EmbeddedStoreOptions options) {
    try {
      return options.withMemoryBytes(bytes(MEMORY, memory));
    } catch (KvException e) {
      throw new ParameterException(spec.commandLine(), MEMORY + " does not do: " + e.getMessage() + ".", e);
    }
  }

  private Duration seconds(String name, long value) {
    if (value < 1) {
      throw new ParameterException(spec.commandLine(), name + " must be at least 1.");
    }
    return Duration.ofSeconds(value);
  }

  private long bytes(String name, String value) {
    try {
      return ByteSize.parse(value);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), name + " must be " + ByteSize.FORM + ".", e);
    }
  }
}
