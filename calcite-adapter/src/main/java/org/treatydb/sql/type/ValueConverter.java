package org.treatydb.sql.type;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.ByteString;
import org.treatydb.sql.api.SqlState;

/**
 * Turns what a caller passes for a column or a parameter into the column's run-time value, and checks that the type can hold it. Whatever
 * comes out can be encoded. Stateless, thread-safe.
 *
 * <p>Accepted, for each kind of type, besides its run-time class:
 * <ul>
 *   <li>SMALLINT, INTEGER, BIGINT: any {@link Number} without a fraction; text of such a number.
 *   <li>DECIMAL: any finite number; its text. Digits beyond the scale are rounded half up.
 *   <li>REAL, DOUBLE: any number in range, rounded to the nearest; its text; text {@code NaN}, {@code Infinity}, {@code -Infinity}.
 *   <li>BOOLEAN: the numbers 0 and 1; text {@code true}, {@code t}, {@code yes}, {@code y}, {@code on}, {@code 1} and their opposites.
 *   <li>CHAR, VARCHAR: numbers, booleans, dates and times, UUIDs, characters, in their SQL spelling. Spaces beyond the length are cut, any
 *       other character there is an error. CHAR is padded with spaces to its length, so two CHARs of one type compare as the standard
 *       says, with trailing spaces ignored; against VARCHAR, the padding counts.
 *   <li>BINARY, VARBINARY: text of hexadecimal digits, with or without {@code \x} before them. BINARY is padded with zero bytes.
 *   <li>DATE: {@link java.sql.Date}, {@link java.time.LocalDate}; the date of a timestamp; text {@code 2026-01-31}.
 *   <li>TIME: {@link java.sql.Time}, {@link java.time.LocalTime}; the time of a timestamp; text {@code 23:59[:59[.999]]}.
 *   <li>TIMESTAMP: {@link java.sql.Timestamp}, {@link java.time.LocalDateTime}; midnight of a date; text {@code 2026-01-31 23:59:59.999}
 *       (or with {@code T}). No zones. Years 1 to 9999. Digits of a second beyond the precision are cut.
 *   <li>UUID: text of 32 hexadecimal digits with four hyphens, {@code 123e4567-e89b-12d3-a456-426614174000}.
 * </ul>
 */
public final class ValueConverter {

  private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private ValueConverter() {}

  /**
   * The run-time value of {@code value} for {@code type}; null stays null.
   *
   * @param what what the value is for, to begin error messages with: {@code column "price"}, {@code parameter 1}
   * @throws java.sql.SQLDataException 22003 a number out of range; 22001 a string too long; 22007 text that is no date or time; 22008 a
   * date or time that does not exist or is out of range; 22018 text that is no value of the type
   * @throws java.sql.SQLSyntaxErrorException 42804 a value of a class that does not convert to the type
   */
  public static Object convert(Object value, ColumnType type, String what) throws SQLException {
    if (value == null) {
      return null;
    }
    Conversion conversion = new Conversion(type, what);
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT -> Numbers.integral(conversion, value);
      case DECIMAL -> Numbers.decimal(conversion, value);
      case REAL -> Numbers.real(conversion, value);
      case DOUBLE -> Numbers.doublePrecision(conversion, value);
      case BOOLEAN -> truth(conversion, value);
      case CHAR, VARCHAR -> text(conversion, value);
      case BINARY, VARBINARY -> binary(conversion, value);
      case DATE -> DatesAndTimes.date(conversion, value);
      case TIME -> DatesAndTimes.time(conversion, value);
      case TIMESTAMP -> DatesAndTimes.timestamp(conversion, value);
      case UUID -> uuid(conversion, value);
    };
  }

  private static Boolean truth(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case Boolean truth -> truth;
      case Number number when number.doubleValue() == 0 -> false;
      case Number number when number.doubleValue() == 1 -> true;
      case Number number -> throw conversion.invalid(SqlState.INVALID_CHARACTER_VALUE, number.toString());
      case CharSequence text -> switch (text.toString().strip().toLowerCase(Locale.ROOT)) {
        case "true", "t", "yes", "y", "on", "1" -> true;
        case "false", "f", "no", "n", "off", "0" -> false;
        default -> throw conversion.invalid(SqlState.INVALID_CHARACTER_VALUE, text.toString());
      };
      default -> throw conversion.mismatch(value);
    };
  }

  private static String text(Conversion conversion, Object value) throws SQLException {
    String text = switch (value) {
      case String string -> string;
      case java.math.BigDecimal decimal -> Math.abs((long) decimal.scale()) > 1000 ? decimal.toString() : decimal.toPlainString();
      case Number number -> number.toString();
      case CharSequence _, Boolean _, Character _, UUID _ -> value.toString();
      default -> DatesAndTimes.text(conversion, value);
    };
    ColumnType type = conversion.type();
    int length = type.precision();
    if (length == ColumnType.UNBOUNDED) {
      return text;
    }
    boolean padded = type.kind() == ColumnType.Kind.CHAR;
    String fitted = padded ? RuntimeValue.padded(text, length) : RuntimeValue.withoutSpacesBeyond(text, length);
    if (fitted.length() > length) {
      throw conversion.error(SqlState.STRING_TOO_LONG, "the text has " + fitted.length() + " characters, more than " + type + " holds");
    }
    return fitted;
  }

  private static byte[] binary(Conversion conversion, Object value) throws SQLException {
    byte[] bytes = switch (value) {
      case byte[] array -> array;
      case ByteString string -> string.getBytes();
      case CharSequence text -> hexadecimal(conversion, text.toString());
      default -> throw conversion.mismatch(value);
    };
    ColumnType type = conversion.type();
    int length = type.precision();
    if (length != ColumnType.UNBOUNDED && bytes.length > length) {
      throw conversion.error(SqlState.STRING_TOO_LONG, bytes.length + " bytes are more than " + type + " holds");
    }
    return type.kind() == ColumnType.Kind.BINARY && bytes.length < length ? Arrays.copyOf(bytes, length) : bytes;
  }

  private static UUID uuid(Conversion conversion, Object value) throws SQLException {
    return switch (value) {
      case UUID uuid -> uuid;
      case CharSequence text -> {
        String stripped = text.toString().strip();
        if (!UUID_TEXT.matcher(stripped).matches()) {
          throw conversion.invalid(SqlState.INVALID_CHARACTER_VALUE, text.toString());
        }
        yield UUID.fromString(stripped);
      }
      default -> throw conversion.mismatch(value);
    };
  }

  private static byte[] hexadecimal(Conversion conversion, String text) throws SQLException {
    try {
      return HexFormat.of().parseHex(text.startsWith("\\x") ? text.substring(2) : text);
    } catch (IllegalArgumentException e) {
      throw conversion.invalid(SqlState.INVALID_CHARACTER_VALUE, text);
    }
  }
}
