package org.treatydb.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;

/** A savepoint of one connection. Its commands travel as SQL text. Immutable. */
final class TreatySavepoint implements Savepoint {

  private final TreatyConnection connection;
  private final int id;
  private final String name;

  /**
   * A savepoint.
   *
   * @param name null if the program gave none
   */
  TreatySavepoint(TreatyConnection connection, int id, String name) {
    this.connection = connection;
    this.id = id;
    this.name = name;
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw SqlErrors.of(SqlErrors.INVALID_SAVEPOINT, "The savepoint has a name, not a number.");
    }
    return id;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw SqlErrors.of(SqlErrors.INVALID_SAVEPOINT, "The savepoint has a number, not a name.");
    }
    return name;
  }

  boolean isOf(TreatyConnection other) {
    return connection == other;
  }

  /** The name in SQL, quoted. */
  String sqlName() {
    return name == null ? "\"treaty savepoint " + id + "\"" : "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
