package org.treatydb.kv.history;

import java.util.List;

/** Transactions in any order; a transaction's position names it in reports ({@code T0} is the first). */
public record History(List<RecordedTransaction> transactions) {

  public History {
    transactions = List.copyOf(transactions);
  }

  public int size() {
    return transactions.size();
  }

  /** The largest value that was appended; 0 if there is none. */
  public int largestValue() {
    return transactions.stream().flatMap(each -> each.operations().stream())
        .mapToInt(each -> each instanceof Operation.Append append ? append.value() : 0).max().orElse(0);
  }

  RecordedTransaction get(int transaction) {
    return transactions.get(transaction);
  }

  /** How many transactions ended so. */
  public long count(Outcome outcome) {
    return transactions.stream().filter(each -> each.outcome() == outcome).count();
  }
}
