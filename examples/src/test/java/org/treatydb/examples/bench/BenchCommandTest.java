package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** How the benchmarks are called. */
class BenchCommandTest {

  @Test
  void refusesABenchmarkThatIsNotThere() {
    StringWriter err = new StringWriter();
    int status = new CommandLine(new BenchCommand()).setErr(new PrintWriter(err)).execute("nonsense");
    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(err.toString().contains("nonsense"), err.toString());
  }

  @Test
  void refusesToRunNoBenchmarkAtAll() {
    StringWriter err = new StringWriter();
    int status = new CommandLine(new BenchCommand()).setErr(new PrintWriter(err)).execute();
    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(err.toString().contains("storage"), err.toString());
  }
}
