package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;

/** About how much memory rows take, rather more than less. */
final class RowBytes {

  /** Of what holds a row in a list or a map. */
  private static final int ENTRY = 48;

  private static final int OBJECT = 24;

  private RowBytes() {}

  /** Of a row, or of a key of several columns, and of what holds it. */
  static long held(Object row) {
    return ENTRY + of(row);
  }

  private static long of(Object value) {
    return switch (value) {
      case null -> 0;
      case Object[] row -> {
        long bytes = OBJECT + 8L * row.length;
        for (Object each : row) {
          bytes += of(each);
        }
        yield bytes;
      }
      case List<?> values -> {
        long bytes = 2L * OBJECT + 8L * values.size();
        for (Object each : values) {
          bytes += of(each);
        }
        yield bytes;
      }
      case String text -> 2L * OBJECT + 2L * text.length();
      case ByteString bytes -> 2L * OBJECT + bytes.length();
      case BigDecimal number -> 4L * OBJECT + number.precision() / 2;
      default -> OBJECT;
    };
  }
}
