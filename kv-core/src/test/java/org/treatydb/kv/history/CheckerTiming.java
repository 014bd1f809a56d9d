package org.treatydb.kv.history;

/** Prints how long the checker takes for histories of growing size. */
public final class CheckerTiming {

  private CheckerTiming() {}

  public static void main(String[] arguments) {
    for (int transactions : new int[] {10_000, 10_000, 100_000, 100_000, 400_000}) {
      History history = GeneratedHistory.of(1, transactions, 32, 10);
      long began = System.nanoTime();
      Verdict verdict = StrictSerializability.check(history);
      long millis = (System.nanoTime() - began) / 1_000_000;
      System.out.printf("%,d transactions of 32 processes: %,d ms, %s%n", transactions, millis, verdict);
    }
  }
}
