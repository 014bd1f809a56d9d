package org.treatydb.sql.type;

import java.util.Objects;

/**
 * One column of a key.
 *
 * @param position where the column stands in a row; negative if {@link KeyCodec#decode} need not give it
 * @param type the column's type
 * @param descending whether the key sorts this column downwards
 */
public record KeyColumn(int position, ColumnType type, boolean descending) {

  public KeyColumn {
    Objects.requireNonNull(type, "type");
  }

  /** A column that sorts upwards. */
  public static KeyColumn ascending(int position, ColumnType type) {
    return new KeyColumn(position, type, false);
  }
}
