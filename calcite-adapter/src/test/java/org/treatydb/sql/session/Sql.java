package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;

/** Runs SQL in tests. */
final class Sql {

  private Sql() {}

  /** Runs a statement that gives no rows; gives its count. */
  static long update(SqlSession session, String sql, Object... parameters) throws SQLException {
    return ((SqlResult.UpdateCount) session.prepare(sql).execute(Arrays.asList(parameters))).rows();
  }

  /** The rows of a query, as lists. */
  static List<List<Object>> query(SqlSession session, String sql, Object... parameters) throws SQLException {
    return rows((SqlResult.Rows) session.prepare(sql).execute(Arrays.asList(parameters)));
  }

  static List<List<Object>> rows(SqlResult.Rows result) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (var cursor = result.cursor()) {
      while (cursor.next()) {
        rows.add(Arrays.asList(cursor.row()));
      }
    }
    return rows;
  }

  /** The SQLException of a statement that must fail with {@code state}. */
  static SQLException fails(SqlState state, SqlSession session, String sql, Object... parameters) {
    SQLException failure = Assertions.assertThrows(SQLException.class, () -> {
      SqlResult result = session.prepare(sql).execute(Arrays.asList(parameters));
      if (result instanceof SqlResult.Rows rows) {
        rows(rows);
      }
    });
    Assertions.assertEquals(state.code(), failure.getSQLState(), failure.getMessage());
    return failure;
  }
}
