package org.treatydb.kv.workload;

import java.util.Arrays;
import java.util.Random;

/** Draws numbers from 0, which is the most frequent, by Zipf's law; exponent 0: all alike. Thread-safe. */
public final class ZipfianKeys {

  private final double[] cumulated;

  public ZipfianKeys(int keys, double exponent) {
    cumulated = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += 1 / Math.pow(i + 1, exponent);
      cumulated[i] = sum;
    }
  }

  public int draw(Random random) {
    int last = cumulated.length - 1;
    int found = Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[last]);
    return Math.min(last, found < 0 ? -found - 1 : found);
  }
}
