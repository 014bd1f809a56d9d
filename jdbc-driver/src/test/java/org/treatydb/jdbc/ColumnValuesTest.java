package org.treatydb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Calendar;
import java.util.TimeZone;
import java.util.UUID;
import org.apache.calcite.avatica.ColumnMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnValuesTest {

  private static ColumnMetaData column(int type, String name) {
    return new ColumnMetaData(0, false, true, true, false, 1, true, 0, "c", "c", null, 0, 0, null, null,
        ColumnMetaData.scalar(type, name, ColumnMetaData.Rep.OBJECT), true, false, false, "");
  }

  private static final ColumnMetaData VARCHAR = column(Types.VARCHAR, "VARCHAR");
  private static final ColumnMetaData BIGINT = column(Types.BIGINT, "BIGINT");
  private static final ColumnMetaData TIME = column(Types.TIME, "TIME");
  private static final ColumnMetaData TIMESTAMP = column(Types.TIMESTAMP, "TIMESTAMP");
  private static final ColumnMetaData DATE = column(Types.DATE, "DATE");

  @Test
  void aNumberThatDoesNotFitIsRefused() throws SQLException {
    assertEquals(127, ColumnValues.toWhole(127L, BIGINT, Byte.MIN_VALUE, Byte.MAX_VALUE));
    SQLException e = assertThrows(SQLException.class, () -> ColumnValues.toWhole(128L, BIGINT, Byte.MIN_VALUE, Byte.MAX_VALUE));
    assertEquals("22003", e.getSQLState());
    assertThrows(SQLException.class, () -> ColumnValues.toWhole(1e30, BIGINT, Long.MIN_VALUE, Long.MAX_VALUE));
    assertEquals(12, ColumnValues.toWhole(new BigDecimal("12.99"), BIGINT, 0, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-02-29 23:59:59.007", "1969-12-31 23:59:59.999", "0001-01-01 00:00:00", "9999-12-31 23:59:59"})
  void aTimestampIsTheSameTextInEveryForm(String text) throws SQLException {
    long millis = DateTimeText.parseTimestamp(text).toInstant(java.time.ZoneOffset.UTC).toEpochMilli();
    assertEquals(text, ColumnValues.toText(millis, TIMESTAMP));
    assertEquals(LocalDateTime.parse(text.replace(' ', 'T')), ColumnValues.toLocalDateTime(millis, TIMESTAMP));
    assertEquals(LocalDateTime.parse(text.replace(' ', 'T')), ColumnValues.toTimestamp(millis, TIMESTAMP, null).toLocalDateTime());
    assertEquals(LocalDateTime.parse(text.replace(' ', 'T')), ColumnValues.toLocalDateTime(text, VARCHAR));
  }

  @Test
  void aCalendarSaysWhoseClockIsMeant() throws SQLException {
    Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    assertEquals(0L, ColumnValues.toTimestamp(9 * 3_600_000L, TIMESTAMP, tokyo).getTime());
    assertEquals(-9 * 3_600_000L, ColumnValues.toDate(0, DATE, tokyo).getTime());
  }

  @Test
  void datesAndTimesConvert() throws SQLException {
    assertEquals(LocalDate.of(1970, 1, 2), ColumnValues.toLocalDate(1, DATE));
    assertEquals("00:00:01.5", ColumnValues.toText(1500, TIME));
    assertEquals("00:01:00", ColumnValues.toText(60_000, TIME));
    assertEquals(LocalTime.of(0, 0, 1, 500_000_000), ColumnValues.toObject(1500, TIME, LocalTime.class));
    SQLException e = assertThrows(SQLException.class, () -> ColumnValues.toWhole(1, DATE, 0, 10));
    assertEquals("22018", e.getSQLState());
  }

  @Test
  void otherClassesConvert() throws SQLException {
    UUID uuid = UUID.randomUUID();
    assertEquals(uuid, ColumnValues.toObject(uuid.toString(), VARCHAR, UUID.class));
    assertEquals("0aff", ColumnValues.toText(new byte[] {10, -1}, column(Types.VARBINARY, "VARBINARY")));
    assertArrayEquals(new byte[] {65}, ColumnValues.toBytes("A", VARCHAR));
    assertEquals("22018", assertThrows(SQLException.class, () -> ColumnValues.toBigDecimal("x", VARCHAR)).getSQLState());
    assertEquals("22018", assertThrows(SQLException.class, () -> ColumnValues.toObject("x", VARCHAR, Thread.class)).getSQLState());
  }
}
