package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * RETURNING: a query over the rows that a statement changed.
 *
 * @param rows where the query reads them
 */
public record Returning(CompiledQuery query, GivenRows rows) {

  /** What is given back of the changed rows. */
  public List<Object[]> rows(List<Object[]> changed, StatementInput input) {
    List<Object[]> result = new ArrayList<>(changed.size());
    try (QueryRows returned =
        query.open(input, Map.of(rows, rows.numbered(changed)))) {
      while (returned.next()) {
        result.add(returned.row());
      }
    }
    return result;
  }
}
