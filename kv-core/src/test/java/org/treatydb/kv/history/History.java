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

  RecordedTransaction get(int transaction) {
    return transactions.get(transaction);
  }

  /** How many transactions ended so. */
  public long count(Outcome outcome) {
    return transactions.stream().filter(each -> each.outcome() == outcome).count();
  }
}
