package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;

/**
 * What is computed of each row before it is written: generated columns and CHECK constraints. Immutable, thread-safe.
 *
 * @param generated gives the number of each row and the values of its generated columns; null if there are none
 * @param generatedRows where {@code generated} reads the rows
 * @param generatedPositions the positions of the generated columns
 * @param checks gives the number of each row and whether it fulfils each constraint; null if there are none
 * @param checkedRows where {@code checks} reads the rows
 * @param checkNames the names of the constraints
 */
public record RowRules(TableDescriptor table, CompiledQuery generated, GivenRows generatedRows, List<Integer> generatedPositions,
    CompiledQuery checks, GivenRows checkedRows, List<String> checkNames) {

  /** Fills in the generated columns of {@code rows}, which have all others, and checks the constraints. */
  void apply(List<Object[]> rows, StatementInput input) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (generated != null) {
      try (QueryRows values = generated.open(input, Map.of(generatedRows, generatedRows.numbered(rows)))) {
        while (values.next()) {
          Object[] row = rows.get((Integer) values.row()[0]);
          for (int i = 0; i < generatedPositions.size(); i++) {
            int position = generatedPositions.get(i);
            row[position] = Assignment.assign(values.row()[i + 1], table.columns().get(position), table.name());
          }
        }
      }
    }
    if (checks != null) {
      check(rows, input);
    }
  }

  private void check(List<Object[]> rows, StatementInput input) {
    try (QueryRows results = checks.open(input, Map.of(checkedRows, checkedRows.numbered(rows)))) {
      while (results.next()) {
        for (int i = 0; i < checkNames.size(); i++) {
          if (Boolean.FALSE.equals(results.row()[i + 1])) {
            throw violation(checkNames.get(i), table.name());
          }
        }
      }
    }
  }

  /** The failure of a row that does not fulfil a constraint. */
  public static SqlFailure violation(String check, String table) {
    return new SqlFailure(SqlState.CHECK_VIOLATION, "A row of table \"" + table + "\" violates check constraint \"" + check + "\".");
  }
}
