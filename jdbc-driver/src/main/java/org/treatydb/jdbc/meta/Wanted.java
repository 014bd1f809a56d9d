package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlStatement;

/**
 * What a client wants of SQL text. Travels as the limit of rows of a request, of which Avatica uses the positive numbers and −1; must be
 * what the client's {@code Wanted} sends.
 */
record Wanted(Result result, Keys keys) {

  /** What the text may give; otherwise it is not run. */
  private enum Result { ANYTHING, ROWS, COUNT }

  /** What an INSERT is to give beside its count. */
  private enum Keys { NONE, GENERATED, ALL_COLUMNS }

  static Wanted of(long code) {
    int index = code < 0 && code >= -(Result.values().length * Keys.values().length) ? (int) (-1 - code) : 0;
    return new Wanted(Result.values()[index % Result.values().length], Keys.values()[index / Result.values().length]);
  }

  SqlStatement prepare(SqlSession session, String sql) throws SQLException {
    SqlStatement statement = keys == Keys.NONE ? session.prepare(sql) : session.prepareReturningKeys(sql, keys == Keys.ALL_COLUMNS);
    boolean rows = statement.givesRows() && !statement.givesKeys();
    if (result == Result.ROWS && !rows) {
      throw SqlErrors.of(SqlErrors.NOT_A_QUERY, "The statement gives no rows, and was not run. Run it with executeUpdate or execute.");
    } else if (result == Result.COUNT && rows) {
      throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "The statement gives rows, not a count, and was not run. Run it with executeQuery or "
          + "execute.");
    }
    return statement;
  }
}
