package org.treatydb.examples.bench;

/** Counts durations so that percentiles can be told to within 2 %, in 15 KB. Not thread-safe. */
final class LatencyHistogram {

  /** Below this many nanoseconds every duration has a bucket of its own; above, each power of two has half as many. */
  private static final int EXACT = 64;
  private static final int BUCKETS_PER_POWER = EXACT / 2;
  private static final int EXACT_BITS = 6;

  private final long[] counts = new long[EXACT + (Long.SIZE - EXACT_BITS) * BUCKETS_PER_POWER];
  private long count;

  void record(long nanos) {
    counts[bucket(Math.max(nanos, 0))]++;
    count++;
  }

  void add(LatencyHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  long count() {
    return count;
  }

  /** The duration, in nanoseconds, that {@code percent} of the recorded ones do not exceed; 0 if none was recorded. */
  double percentile(double percent) {
    long rank = Math.max(1, (long) Math.ceil(count * percent / 100));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return middle(i);
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    if (nanos < EXACT) {
      return (int) nanos;
    }
    int shift = Long.SIZE - Long.numberOfLeadingZeros(nanos) - EXACT_BITS;
    return EXACT + (shift - 1) * BUCKETS_PER_POWER + (int) (nanos >>> shift) - BUCKETS_PER_POWER;
  }

  private static double middle(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int shift = (bucket - EXACT) / BUCKETS_PER_POWER + 1;
    long lowest = (long) ((bucket - EXACT) % BUCKETS_PER_POWER + BUCKETS_PER_POWER) << shift;
    return lowest + ((1L << shift) - 1) / 2.0;
  }
}
