package org.treatydb.examples.bench;

import java.util.random.RandomGenerator;

/** Chooses which of {@code n} records, 0 to n − 1, a client works on next. Immutable and thread-safe. */
interface KeyChooser {

  long next(RandomGenerator random);

  /** Every record equally often. */
  static KeyChooser uniform(long records) {
    return random -> random.nextLong(records);
  }

  /** Few records very often, as YCSB chooses them; the popular ones are spread over the key space. */
  static KeyChooser scrambledZipfian(long records, double theta) {
    Zipfian ranks = new Zipfian(records, theta);
    return random -> Long.remainderUnsigned(fnv1a(ranks.next(random)), records);
  }

  /** FNV-1a over the eight bytes of {@code value}, lowest first. */
  private static long fnv1a(long value) {
    long hash = 0xcbf29ce484222325L;
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ (value >>> shift & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /**
   * Rank 0 most often, rank i in proportion to 1 / (i + 1)^theta. The formula is the one YCSB uses: Gray et al., "Quickly
   * generating billion-record synthetic databases", SIGMOD 1994, section 3.2.
   */
  final class Zipfian implements KeyChooser {

    private final long records;
    private final double zetaOfAll;
    private final double upToSecond;
    private final double alpha;
    private final double eta;

    /** {@code theta}: the skew, above 0 and below 1. Takes time in proportion to {@code records}. */
    Zipfian(long records, double theta) {
      this.records = records;
      this.zetaOfAll = zeta(records, theta);
      this.upToSecond = zeta(2, theta);
      this.alpha = 1 / (1 - theta);
      this.eta = (1 - Math.pow(2.0 / records, 1 - theta)) / (1 - upToSecond / zetaOfAll);
    }

    private static double zeta(long records, double theta) {
      double sum = 0;
      for (long i = 1; i <= records; i++) {
        sum += 1 / Math.pow(i, theta);
      }
      return sum;
    }

    @Override
    public long next(RandomGenerator random) {
      double u = random.nextDouble();
      double scaled = u * zetaOfAll;
      if (scaled < 1) {
        return 0;
      }
      if (scaled < upToSecond) {
        return 1;
      }
      return (long) (records * Math.pow(eta * u - eta + 1, alpha));
    }
  }
}
