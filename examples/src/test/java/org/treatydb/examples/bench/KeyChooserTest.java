package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which records clients work on: the frequencies are those the distributions promise. */
class KeyChooserTest {

  private static final int RECORDS = 1000;
  private static final int CHOICES = 1_000_000;
  private static final double THETA = 0.99;

  private static double[] frequencies(KeyChooser chooser) {
    Random random = new Random(7);
    double[] frequencies = new double[RECORDS];
    for (int i = 0; i < CHOICES; i++) {
      frequencies[(int) chooser.next(random)] += 1.0 / CHOICES;
    }
    return frequencies;
  }

  /** What the distribution gives to the ranks below {@code rank}. */
  private static double expected(int rank) {
    double below = 0;
    double all = 0;
    for (int i = 0; i < RECORDS; i++) {
      all += Math.pow(i + 1, -THETA);
      below = i < rank ? all : below;
    }
    return below / all;
  }

  @Test
  void uniformChoosesEveryRecordEquallyOften() {
    for (double frequency : frequencies(KeyChooser.uniform(RECORDS))) {
      assertEquals(1.0 / RECORDS, frequency, 0.2 / RECORDS);
    }
  }

  @Test
  void zipfianChoosesRanksAsOftenAsTheFormulaSays() {
    double[] frequencies = frequencies(new KeyChooser.Zipfian(RECORDS, THETA));
    assertEquals(expected(1), frequencies[0], 0.002);
    assertEquals(expected(2) - expected(1), frequencies[1], 0.002);
    for (int rank : new int[] {10, 100, 500}) {
      assertEquals(expected(rank), Arrays.stream(frequencies).limit(rank).sum(), 0.02, "below rank " + rank);
    }
    assertEquals(1, Arrays.stream(frequencies).sum(), 1e-6);
  }

  @Test
  void scrambledZipfianIsAsSkewedButSpreadsThePopularRecords() {
    double[] ranked = frequencies(new KeyChooser.Zipfian(RECORDS, THETA));
    double[] scrambled = frequencies(KeyChooser.scrambledZipfian(RECORDS, THETA));
    int first = indexOfLargest(scrambled);
    assertTrue(scrambled[first] >= ranked[0] - 1e-9, "the most popular record keeps its share");
    scrambled[first] = 0;
    int second = indexOfLargest(scrambled);
    assertTrue(Math.abs(first - second) > 1, "the two most popular records are neighbours: " + first + ", " + second);
    assertTrue(Arrays.stream(scrambled).limit(RECORDS / 2).sum() < 0.75, "the first half has nearly all");
  }

  @Test
  void eachRecordMayBeTheLastAndNoneLiesBeyond() {
    KeyChooser few = new KeyChooser.Zipfian(3, THETA);
    Random random = new Random(7);
    boolean[] seen = new boolean[3];
    for (int i = 0; i < 10_000; i++) {
      seen[(int) few.next(random)] = true;
    }
    assertTrue(seen[0] && seen[1] && seen[2]);
  }

  private static int indexOfLargest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }
}
