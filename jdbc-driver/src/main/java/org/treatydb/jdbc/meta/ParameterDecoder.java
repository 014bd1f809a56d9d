package org.treatydb.jdbc.meta;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.remote.TypedValue;
import org.apache.calcite.avatica.util.ByteString;
import org.treatydb.jdbc.SqlErrors;

/**
 * Turns Avatica's parameter values into those that a {@link org.treatydb.sql.api.SqlStatement} takes. Clients that are not ours may send
 * anything: what is no value of the type it claims is refused with 22018.
 */
final class ParameterDecoder {

  private ParameterDecoder() {}

  static List<Object> decode(List<TypedValue> parameters) throws SQLException {
    List<Object> values = new ArrayList<>();
    if (parameters != null) {
      for (TypedValue parameter : parameters) {
        if (parameter == null) {
          throw SqlErrors.of(SqlErrors.PARAMETER_MISSING, "Parameter " + (values.size() + 1) + " has no value.");
        }
        values.add(converted(values.size() + 1, () -> decode(parameter)));
      }
    }
    return values;
  }

  /** The values of a row of a batch as they come over the network; null for one that the client has not set. */
  static List<TypedValue> fromProto(List<Common.TypedValue> row) throws SQLException {
    List<TypedValue> values = new ArrayList<>(row.size());
    for (Common.TypedValue value : row) {
      values.add(value.getImplicitlyNull() ? null : converted(values.size() + 1, () -> TypedValue.fromProto(value)));
    }
    return values;
  }

  /** Makes one value of another. */
  private interface Conversion<T> {
    T value() throws SQLException;
  }

  private static <T> T converted(int number, Conversion<T> conversion) throws SQLException {
    try {
      return conversion.value();
    } catch (RuntimeException e) {
      throw SqlErrors.of(SqlErrors.INVALID_CONVERSION, "Parameter " + number + " is not a value of the type that it claims to be.", e);
    }
  }

  private static Object decode(TypedValue parameter) throws SQLException {
    if (parameter.value == null) {
      return null;
    }
    return switch (parameter.type) {
      case JAVA_SQL_DATE -> LocalDate.ofEpochDay(number(parameter));
      case JAVA_SQL_TIME -> LocalTime.ofNanoOfDay(TimeUnit.MILLISECONDS.toNanos(number(parameter)));
      case JAVA_SQL_TIMESTAMP, JAVA_UTIL_DATE -> {
        long millis = number(parameter);
        int nanos = (int) TimeUnit.MILLISECONDS.toNanos(Math.floorMod(millis, 1000));
        yield LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000), nanos, ZoneOffset.UTC);
      }
      case BYTE_STRING -> ByteString.ofBase64((String) parameter.value).getBytes();
      case CHARACTER, PRIMITIVE_CHAR -> parameter.value.toString();
      case ARRAY, MULTISET, STRUCT -> throw SqlErrors.of(SqlErrors.UNSUPPORTED, "A parameter cannot be an array or a structure.");
      default -> parameter.value;
    };
  }

  private static long number(TypedValue parameter) {
    return ((Number) parameter.value).longValue();
  }
}
