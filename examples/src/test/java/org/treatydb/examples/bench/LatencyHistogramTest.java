package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Percentiles, against those of the sorted durations. */
class LatencyHistogramTest {

  @Test
  void percentilesAreThoseOfTheSortedDurationsToWithinTwoPercent() {
    Random random = new Random(3);
    long[] durations = new long[100_001];
    LatencyHistogram histogram = new LatencyHistogram();
    for (int i = 0; i < durations.length; i++) {
      durations[i] = (long) Math.pow(10, 1 + 9 * random.nextDouble());
      histogram.record(durations[i]);
    }
    Arrays.sort(durations);
    for (double percent : new double[] {0.1, 1, 25, 50, 90, 99, 99.9, 100}) {
      long exact = durations[(int) Math.ceil(durations.length * percent / 100) - 1];
      assertEquals(exact, histogram.percentile(percent), 0.02 * exact, percent + " %");
    }
    assertEquals(durations.length, histogram.count());
  }

  @Test
  void shortDurationsAreExact() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (int i = 0; i < 64; i++) {
      histogram.record(i);
    }
    assertEquals(31, histogram.percentile(50));
    assertEquals(63, histogram.percentile(100));
  }

  @Test
  void takesTheShortestAndTheLongestDurationThereIs() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(-1);
    histogram.record(Long.MAX_VALUE);
    assertEquals(0, histogram.percentile(50));
    assertEquals(Long.MAX_VALUE, histogram.percentile(100), 0.02 * Long.MAX_VALUE);
  }

  @Test
  void addsUp() {
    LatencyHistogram one = new LatencyHistogram();
    LatencyHistogram other = new LatencyHistogram();
    one.record(10);
    other.record(20);
    other.record(30);
    one.add(other);
    assertEquals(3, one.count());
    assertEquals(20, one.percentile(50));
  }

  @Test
  void nothingRecordedIsZero() {
    assertEquals(0, new LatencyHistogram().percentile(99));
  }
}
