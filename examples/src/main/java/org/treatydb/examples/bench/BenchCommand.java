package org.treatydb.examples.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one benchmark by name. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Runs a benchmark and prints its figures.")
public final class BenchCommand implements Callable<Integer> {

  /** The benchmarks there are. */
  enum Name {
    storage
  }

  @Parameters(index = "0", description = "one of: ${COMPLETION-CANDIDATES}")
  private Name name;

  @Option(names = "--quick", description = "a small run, within a minute")
  private boolean quick;

  @Option(names = "--directory", description = "where to keep the data (default: a temporary directory, removed afterwards)")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    boolean temporary = directory == null;
    Path work = temporary ? Files.createTempDirectory("treaty-bench") : Files.createDirectories(directory);
    try {
      switch (name) {
        case storage -> new StorageBenchmark(work, quick, new Report(System.out::println)).run();
      }
      return 0;
    } finally {
      if (temporary) {
        EngineUnderTest.deleteTree(work);
      }
    }
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).execute(args));
  }
}
