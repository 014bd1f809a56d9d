package org.treatydb.sql.api;

import java.sql.SQLException;

/** The rows of a query, produced as they are read. Not thread-safe. Closed by its caller, or by the end of its transaction. */
public interface SqlCursor extends AutoCloseable {

  /**
   * Moves to the next row; false when there is none.
   *
   * @throws SQLException 24000 if the cursor was closed, also by the end of its transaction
   */
  boolean next() throws SQLException;

  /**
   * The present row, one value a column, null for NULL: SMALLINT {@code Short}, INTEGER {@code Integer}, BIGINT {@code Long},
   * DECIMAL {@code BigDecimal}, REAL {@code Float}, FLOAT and DOUBLE {@code Double}, BOOLEAN {@code Boolean}, CHAR and VARCHAR
   * {@code String}, BINARY and VARBINARY {@code byte[]}, DATE {@code Integer} (days since 1970-01-01), TIME {@code Integer}
   * (milliseconds since midnight), TIMESTAMP {@code Long} (milliseconds since 1970-01-01 00:00:00, no zone). Other types come as
   * {@code String}.
   */
  Object[] row();

  @Override
  void close();
}
