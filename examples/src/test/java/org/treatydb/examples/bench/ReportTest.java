package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.treatydb.examples.bench.EngineUnderTest.Kind;

/** What programs that read the figures rely on. */
class ReportTest {

  private final List<String> lines = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private final Report report = new Report(lines::add, progress::add);

  @Test
  void printsAFigureInOneLineWhateverTheLocale() {
    report.figure("get_1_thread", 1234567.8901, "1/s");
    assertEquals(List.of("figure get_1_thread 1234567.890 1/s"), lines);
  }

  @Test
  void printsMediansAndTheMedianOfTheRatiosPairByPair() {
    Series series = new Series();
    for (double ours : new double[] {10, 30, 20}) {
      series.add(Kind.TREATY, ours);
    }
    for (double theirs : new double[] {20, 10, 20}) {
      series.add(Kind.ROCKSDB, theirs);
    }
    report.compare("get", series, "1/s");
    assertEquals(List.of("figure get_treaty 20.000 1/s", "figure get_rocksdb 20.000 1/s", "figure get_ratio 1.000 x"), lines);
  }

  @Test
  void measuresBothSidesByTurns() throws Exception {
    List<Kind> turns = new ArrayList<>();
    Series series = Series.of(2, kind -> {
      turns.add(kind);
      return turns.size();
    });
    assertEquals(List.of(Kind.TREATY, Kind.ROCKSDB, Kind.TREATY, Kind.ROCKSDB), turns);
    assertArrayEquals(new double[] {1, 3}, series.of(Kind.TREATY));
    assertArrayEquals(new double[] {2, 4}, series.of(Kind.ROCKSDB));
  }

  @Test
  void keepsProgressOutOfTheReport() {
    report.progress("loading %d rows", 5);
    assertEquals(List.of(), lines);
    assertTrue(progress.getFirst().endsWith("loading 5 rows"), progress.toString());
  }
}
