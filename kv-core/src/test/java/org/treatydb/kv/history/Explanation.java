package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Words for anomalies: the transactions as they were recorded, then what is wrong with them. */
final class Explanation {

  private static final int TRANSACTIONS_SHOWN_MAX = 12;

  private Explanation() {}

  static Anomaly of(Anomaly.Kind kind, History history, List<Integer> transactions, String... findings) {
    List<String> lines = new ArrayList<>();
    new TreeSet<>(transactions).stream().limit(TRANSACTIONS_SHOWN_MAX).forEach(each -> lines.add("  T" + each + ": " + history.get(each)));
    for (String finding : findings) {
      lines.add("  - " + finding);
    }
    return new Anomaly(kind, transactions, String.join("\n", lines));
  }
}
