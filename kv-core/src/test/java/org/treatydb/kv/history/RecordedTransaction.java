package org.treatydb.kv.history;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a client did and saw in one transaction.
 *
 * @param process who ran it: a thread, a session
 * @param invoked a moment before its first effect, on a clock that all processes share
 * @param completed a moment after its outcome was known, above {@code invoked}; of an unknown outcome a moment after which it can no longer
 *     take effect, {@link #NEVER} if there is none
 */
public record RecordedTransaction(int process, long invoked, long completed, Outcome outcome, List<Operation> operations) {

  /** After everything else. */
  public static final long NEVER = Long.MAX_VALUE;

  public RecordedTransaction {
    operations = List.copyOf(operations);
    if (completed <= invoked) {
      throw new IllegalArgumentException("a transaction ended at " + completed + ", before it began at " + invoked);
    }
  }

  /** The same, but if nobody knows its outcome yet, it has taken effect before {@code moment} or never will. */
  RecordedTransaction settledAt(long moment) {
    return completed == NEVER ? new RecordedTransaction(process, invoked, moment, outcome, operations) : this;
  }

  @Override
  public String toString() {
    String steps = operations.stream().map(Operation::toString).collect(Collectors.joining(", "));
    String end = completed == NEVER ? "?" : String.valueOf(completed);
    return "process " + process + ", from " + invoked + " to " + end + ", "
        + outcome.name().toLowerCase(Locale.ROOT) + ": " + steps;
  }
}
