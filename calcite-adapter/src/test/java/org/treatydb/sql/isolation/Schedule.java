package org.treatydb.sql.isolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What some transactions do, in the order in which they would do it if none had to wait.
 *
 * @param steps each the number of a transaction and its statement
 */
record Schedule(String name, List<Step> steps) {

  static final String COMMIT = "COMMIT";

  /** One statement of one transaction. */
  record Step(int transaction, String sql) {}

  /** {@code 1: SELECT …; 2: UPDATE …; 1: COMMIT}. */
  static Schedule of(String name, String text) {
    List<Step> steps = new ArrayList<>();
    for (String step : text.split(";")) {
      int colon = step.indexOf(':');
      steps.add(new Step(Integer.parseInt(step.substring(0, colon).strip()), step.substring(colon + 1).strip()));
    }
    return new Schedule(name, steps);
  }

  /** The statements of each transaction, without its COMMIT. */
  Map<Integer, List<String>> transactions() {
    Map<Integer, List<String>> transactions = new LinkedHashMap<>();
    for (Step step : steps) {
      List<String> statements = transactions.computeIfAbsent(step.transaction, _ -> new ArrayList<>());
      if (!step.sql.equals(COMMIT)) {
        statements.add(step.sql);
      }
    }
    return transactions;
  }

  @Override
  public String toString() {
    return name;
  }
}
