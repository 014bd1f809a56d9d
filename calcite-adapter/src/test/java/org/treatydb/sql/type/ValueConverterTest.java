package org.treatydb.sql.type;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ValueConverterTest {

  private static final ColumnType SMALLINT = ColumnType.of(ColumnType.Kind.SMALLINT);
  private static final ColumnType INTEGER = ColumnType.of(ColumnType.Kind.INTEGER);
  private static final ColumnType BIGINT = ColumnType.of(ColumnType.Kind.BIGINT);
  private static final ColumnType PRICE = ColumnType.decimal(5, 2);
  private static final ColumnType REAL = ColumnType.of(ColumnType.Kind.REAL);
  private static final ColumnType DOUBLE = ColumnType.of(ColumnType.Kind.DOUBLE);
  private static final ColumnType BOOLEAN = ColumnType.of(ColumnType.Kind.BOOLEAN);
  private static final ColumnType TEXT = ColumnType.of(ColumnType.Kind.VARCHAR);
  private static final ColumnType TEXT_3 = ColumnType.of(ColumnType.Kind.VARCHAR, 3);
  private static final ColumnType CHAR_3 = ColumnType.of(ColumnType.Kind.CHAR, 3);
  private static final ColumnType BYTES = ColumnType.of(ColumnType.Kind.VARBINARY, 3);
  private static final ColumnType DATE = ColumnType.of(ColumnType.Kind.DATE);
  private static final ColumnType TIME = ColumnType.of(ColumnType.Kind.TIME);
  private static final ColumnType TIMESTAMP = ColumnType.of(ColumnType.Kind.TIMESTAMP);

  @Test
  void runTimeValuesPassUnchanged() throws SQLException {
    SqlValues values = new SqlValues(new SplittableRandom(20260504L));
    for (int i = 0; i < 20_000; i++) {
      ColumnType type = values.type();
      Object value = values.value(type);
      Object converted = ValueConverter.convert(value, type, "parameter 1");
      assertEquals(value.getClass(), converted.getClass());
      Assertions.assertTrue(java.util.Objects.deepEquals(value, converted), () -> type + ": " + value + " became " + converted);
    }
    assertNull(ValueConverter.convert(null, INTEGER, "parameter 1"));
  }

  @Test
  void numbersAreTakenInAnyClassThatHoldsThemExactly() throws SQLException {
    converts((short) 7, SMALLINT, 7L, "7", " 7 ", "7.0", new BigDecimal("7.00"), BigInteger.valueOf(7), 7.0, 7f, (byte) 7);
    converts(-2_147_483_648, INTEGER, -2_147_483_648L, "-2147483648");
    converts(Long.MAX_VALUE, BIGINT, "9223372036854775807", new BigDecimal("9223372036854775807"));
    converts(new BigDecimal("9.99"), PRICE, "9.99", 9.99, 9.99f, "9.990", "999e-2", "9.985", "9.9949");
    converts(new BigDecimal("0.00"), PRICE, 0, "0", "1e-1000000000", "0.004", "-0e10");
    converts(new BigDecimal("-10.00"), PRICE, "-9.995", -10, -10L);
    converts(1.5, DOUBLE, "1.5", new BigDecimal("1.5"), 1.5f, "15e-1");
    converts(Double.NaN, DOUBLE, "NaN", Float.NaN);
    converts(Double.NEGATIVE_INFINITY, DOUBLE, "-Infinity", "-inf");
    converts(0.1f, REAL, "0.1", 0.1, new BigDecimal("0.1"));
    converts(true, BOOLEAN, "true", "T", "yes", "on", 1, "1", 1L);
    converts(false, BOOLEAN, "false", "f", "No", "off", 0, "0", BigDecimal.ZERO);
  }

  @Test
  void numbersThatDoNotFitAreRefused() {
    refused("22003", SMALLINT, 32_768, "32768", "-32769", "1e100", "1e1000000000", 1.5, "0.1", Double.NaN, Double.POSITIVE_INFINITY);
    refused("22003", INTEGER, 2_147_483_648L, new BigDecimal("1e20"));
    refused("22003", BIGINT, "9223372036854775808", BigInteger.TWO.pow(64), 1e19);
    refused("22003", PRICE, 1000, "999.995", "1e1000000000", Double.NaN);
    refused("22003", REAL, "1e39", 1e39);
    refused("22003", DOUBLE, "1e309");
    refused("22018", INTEGER, "", "abc", "1x", "0x10", "1,000", "١ ", "1".repeat(2000));
    refused("22018", DOUBLE, "1d", "0x1p3", "");
    refused("22018", BOOLEAN, "maybe", "", 2);
    refused("42804", INTEGER, true, new byte[1], LocalDate.EPOCH);
    refused("42804", BOOLEAN, LocalDate.EPOCH);
  }

  @Test
  void textIsCutOnlyWhereItIsSpaces() throws SQLException {
    converts("abc", TEXT_3, "abc", "abc  ");
    converts("a ", TEXT_3, "a ");
    converts("a  ", CHAR_3, "a", "a  ", "a     ", 'a');
    converts("   ", CHAR_3, "", "       ");
    converts("12", TEXT, 12, 12L, new BigDecimal("12"), new BigDecimal("1.2e1"));
    converts("true", TEXT, true);
    converts("2026-01-31", TEXT, LocalDate.of(2026, 1, 31), java.sql.Date.valueOf("2026-01-31"));
    converts("2026-01-31 10:00:00.5", TEXT,
        LocalDateTime.of(2026, 1, 31, 10, 0, 0, 500_000_000), Timestamp.valueOf("2026-01-31 10:00:00.5"));
    refused("22001", TEXT_3, "abcd", " abc");
    refused("22001", CHAR_3, "abcd", "a  b");
    refused("42804", TEXT, new byte[1], List.of());
  }

  @Test
  void binariesAreTakenAsHexadecimalToo() throws SQLException {
    assertArrayEquals(new byte[] {1, -1}, (byte[]) ValueConverter.convert("01ff", BYTES, "parameter 1"));
    assertArrayEquals(new byte[] {1, -1}, (byte[]) ValueConverter.convert("\\x01FF", BYTES, "parameter 1"));
    assertArrayEquals(new byte[] {1, 0, 0},
        (byte[]) ValueConverter.convert(new byte[] {1}, ColumnType.of(ColumnType.Kind.BINARY, 3), "parameter 1"));
    refused("22001", BYTES, new byte[4], "01020304");
    refused("22018", BYTES, "0", "xy");
    refused("42804", BYTES, 1);
  }

  @Test
  void datesAndTimesAreTakenFromJavaAndFromText() throws SQLException {
    converts(20_484, DATE, "2026-01-31", "2026-1-31", LocalDate.of(2026, 1, 31), java.sql.Date.valueOf("2026-01-31"),
        Timestamp.valueOf("2026-01-31 23:59:59"), LocalDateTime.of(2026, 1, 31, 23, 59));
    converts(36_000_000, TIME, "10:00", "10:00:00", "10:00:00.0009", LocalTime.of(10, 0), java.sql.Time.valueOf("10:00:00"));
    converts(86_399_999, TIME, "23:59:59.999999999", LocalTime.MAX);
    converts(1_769_853_600_500L, TIMESTAMP, "2026-01-31 10:00:00.5", "2026-01-31T10:00:00.500",
        LocalDateTime.of(2026, 1, 31, 10, 0, 0, 500_999_999), Timestamp.valueOf("2026-01-31 10:00:00.5"));
    converts(1_769_817_600_000L, TIMESTAMP, "2026-01-31", LocalDate.of(2026, 1, 31));
    converts(-1L, TIMESTAMP, "1969-12-31 23:59:59.999");
    converts(-1000L, ColumnType.of(ColumnType.Kind.TIMESTAMP, 0), "1969-12-31 23:59:59.999");
  }

  @Test
  void datesAndTimesThatDoNotExistAreRefused() {
    refused("22007", DATE, "", "tomorrow", "2026/01/31", "31.01.2026", "2026-01-31 10:00:00", "2026-01-31Z");
    refused("22008", DATE, "2026-02-29", "2026-13-01", "0000-01-01", "10000-01-01", LocalDate.of(10_000, 1, 1), Integer.MAX_VALUE);
    refused("22007", TIME, "10", "10:0x", "noon");
    refused("22008", TIME, "24:00", "10:60", -1, 86_400_000);
    refused("22007", TIMESTAMP, "2026-01-31 10:00:00+01:00", "2026-01-31 10");
    refused("22008", TIMESTAMP, "2026-02-30 10:00:00", Long.MAX_VALUE, Long.MIN_VALUE);
    refused("42804", DATE, 1L, 1.5, true, LocalTime.NOON);
    refused("42804", TIMESTAMP, 1, true, LocalTime.NOON);
  }

  @Test
  void messagesNameWhatTheValueWasFor() {
    assertEquals("column \"price\": 1000 is out of range for DECIMAL(5, 2)", message(1000, PRICE));
    assertEquals("column \"price\": 'abc' is not a valid INTEGER", message("abc", INTEGER));
    assertEquals("column \"price\": 1.5 has a fraction, which INTEGER does not hold", message(1.5, INTEGER));
    assertEquals("column \"price\": the text has 4 characters, more than VARCHAR(3) holds", message("abcd", TEXT_3));
    assertEquals("column \"price\": '2026-02-30' is a date or time that does not exist", message("2026-02-30", DATE));
    assertEquals("column \"price\": a java.time.LocalDate does not convert to BIGINT", message(LocalDate.EPOCH, BIGINT));
  }

  @Test
  void hugeNumbersAreRefusedAtOnce() {
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
      for (ColumnType type : List.of(INTEGER, PRICE, REAL, DOUBLE)) {
        refused("22003", type, new BigDecimal("1e2147483647"), "1e2147483647");
      }
      converts(new BigDecimal("0.00"), PRICE, new BigDecimal("1e-2147483647"));
      converts(0.0, DOUBLE, new BigDecimal("1e-2147483647"));
    });
  }

  private static void converts(Object expected, ColumnType type, Object... values) throws SQLException {
    for (Object value : values) {
      assertEquals(expected, ValueConverter.convert(value, type, "parameter 1"), () -> value.getClass() + " " + value);
    }
  }

  private static void refused(String state, ColumnType type, Object... values) {
    for (Object value : values) {
      SQLException e = assertThrows(SQLException.class, () -> ValueConverter.convert(value, type, "parameter 1"), () -> type + " " + value);
      assertEquals(state, e.getSQLState(), () -> type + " " + value + ": " + e.getMessage());
      assertEquals(state.startsWith("22") ? SQLDataException.class : SQLSyntaxErrorException.class, e.getClass());
    }
  }

  private static String message(Object value, ColumnType type) {
    return assertThrows(SQLException.class, () -> ValueConverter.convert(value, type, "column \"price\"")).getMessage();
  }
}
