package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** SQL's order of run-time values, written without a thought of encodings: what the keys are measured against. */
final class SqlOrder {

  private SqlOrder() {}

  static int compare(List<KeyColumn> columns, Object[] left, Object[] right) {
    for (int i = 0; i < columns.size(); i++) {
      int order = compare(columns.get(i).type(), left[i], right[i]);
      if (order != 0) {
        return columns.get(i).descending() ? -order : order;
      }
    }
    return 0;
  }

  /** Ascending, NULL last. */
  static int compare(ColumnType type, Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left == null, right == null);
    }
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT, DATE, TIME, TIMESTAMP -> Long.compare(((Number) left).longValue(), ((Number) right).longValue());
      case DECIMAL -> ((BigDecimal) left).compareTo((BigDecimal) right);
      case REAL, DOUBLE -> compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
      case BOOLEAN -> Boolean.compare((Boolean) left, (Boolean) right);
      case CHAR, VARCHAR -> Integer.signum(((String) left).compareTo((String) right));
      case BINARY, VARBINARY -> Integer.signum(Arrays.compareUnsigned((byte[]) left, (byte[]) right));
      case UUID -> ((UUID) left).compareTo((UUID) right);
    };
  }

  private static int compare(double left, double right) {
    return left < right ? -1 : left > right ? 1 : left == right ? 0 : Boolean.compare(Double.isNaN(left), Double.isNaN(right));
  }
}
