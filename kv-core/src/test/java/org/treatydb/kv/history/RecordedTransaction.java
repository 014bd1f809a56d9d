package org.treatydb.kv.history;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a client did and saw in one transaction.
 *
 * @param process who ran it: a thread, a session
 * @param invoked a moment before its first effect, on a clock that all processes share
 * @param completed a moment after its outcome was known; above {@code invoked}
 */
public record RecordedTransaction(int process, long invoked, long completed, Outcome outcome, List<Operation> operations) {

  public RecordedTransaction {
    operations = List.copyOf(operations);
    if (completed <= invoked) {
      throw new IllegalArgumentException("a transaction ended at " + completed + ", before it began at " + invoked);
    }
  }

  /** The last moment at which it can have taken effect. */
  long lastMoment() {
    return outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : completed;
  }

  @Override
  public String toString() {
    String steps = operations.stream().map(Operation::toString).collect(Collectors.joining(", "));
    String end = outcome == Outcome.UNKNOWN ? "?" : String.valueOf(completed);
    return "process " + process + ", from " + invoked + " to " + end + ", "
        + outcome.name().toLowerCase(Locale.ROOT) + ": " + steps;
  }
}
