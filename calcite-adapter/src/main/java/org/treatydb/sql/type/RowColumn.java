package org.treatydb.sql.type;

import java.util.Objects;

/**
 * One column of a stored row.
 *
 * @param id the column's id in its table: from 1, never changed, never used again after DROP COLUMN
 * @param position where the column stands in a row
 * @param type the column's type
 * @param whenAbsent the value of rows written before the column was added; null for NULL. It never changes, unlike the column's DEFAULT
 */
public record RowColumn(int id, int position, ColumnType type, Object whenAbsent) {

  public RowColumn {
    Objects.requireNonNull(type, "type");
    if (id < 1 || position < 0) {
      throw new IllegalArgumentException("column id " + id + " at position " + position);
    }
  }

  /** A column that is as old as its table. */
  public static RowColumn of(int id, int position, ColumnType type) {
    return new RowColumn(id, position, type, null);
  }
}
