package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What programs that read the figures rely on; the benchmarks themselves are not timed in tests. */
class BenchCommandTest {

  @Test
  void refusesABenchmarkThatIsNotThere() {
    StringWriter err = new StringWriter();
    int status = new CommandLine(new BenchCommand()).setErr(new PrintWriter(err)).execute("nonsense");
    assertEquals(CommandLine.ExitCode.USAGE, status);
    assertTrue(err.toString().contains("storage"), err.toString());
  }

  @Test
  void printsMediansAndTheMedianOfTheRatiosPairByPair() {
    List<String> lines = new ArrayList<>();
    new Report(lines::add).compare("get", new double[] {10, 30, 20}, new double[] {20, 10, 20}, "1/s");
    assertEquals(List.of("figure get_treaty 20.000 1/s", "figure get_rocksdb 20.000 1/s", "figure get_ratio 1.000 x"), lines);
  }
}
