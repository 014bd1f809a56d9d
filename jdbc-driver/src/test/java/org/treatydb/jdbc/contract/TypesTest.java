package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypesTest extends ContractTest {

  private static final String[] COLUMNS = {"s", "i", "l", "d", "r", "f", "b", "v", "c", "x", "dt", "tm", "ts"};

  @BeforeEach
  void createTable() throws SQLException {
    run("create table t (id integer primary key, s smallint, i integer, l bigint, d decimal(20, 4), r real, f double, b boolean, "
        + "v varchar(60), c char(4), x varbinary(20), dt date, tm time(3), ts timestamp(3), u uuid)");
  }

  /** Stores a value in a column and gives the row with it, at which the result set stands. */
  private ResultSet stored(String column, Setter setter) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("delete from t")) {
      delete.executeUpdate();
    }
    try (PreparedStatement insert = connection.prepareStatement("insert into t (id, " + column + ") values (1, ?)")) {
      setter.set(insert);
      assertEquals(1, insert.executeUpdate());
    }
    ResultSet result = connection.createStatement().executeQuery("select " + column + " from t");
    assertTrue(result.next());
    return result;
  }

  private interface Setter {
    void set(PreparedStatement statement) throws SQLException;
  }

  @Test
  void numbersKeepTheirValue() throws SQLException {
    assertEquals(Short.MIN_VALUE, stored("s", p -> p.setShort(1, Short.MIN_VALUE)).getShort(1));
    assertEquals(Integer.valueOf(-5), stored("s", p -> p.setByte(1, (byte) -5)).getObject(1));
    assertEquals(Integer.MAX_VALUE, stored("i", p -> p.setInt(1, Integer.MAX_VALUE)).getObject(1));
    assertEquals(Long.MIN_VALUE, stored("l", p -> p.setLong(1, Long.MIN_VALUE)).getObject(1));
    assertEquals(1.5f, stored("r", p -> p.setFloat(1, 1.5f)).getObject(1));
    assertEquals(Math.PI, stored("f", p -> p.setDouble(1, Math.PI)).getObject(1));
    assertEquals(Double.MIN_VALUE, stored("f", p -> p.setObject(1, Double.MIN_VALUE)).getDouble(1));
    BigDecimal large = new BigDecimal("-1234567890123456.7890");
    assertEquals(large, stored("d", p -> p.setBigDecimal(1, large)).getObject(1));
    assertEquals(large, stored("d", p -> p.setObject(1, large)).getBigDecimal(1));
    assertEquals(new BigDecimal("3.0000"), stored("d", p -> p.setObject(1, BigInteger.valueOf(3))).getBigDecimal(1));
    assertEquals(7, stored("i", p -> p.setString(1, "7")).getObject(1, Integer.class));
    assertEquals(7L, stored("i", p -> p.setObject(1, 7L, Types.INTEGER)).getLong(1));
    assertEquals(true, stored("b", p -> p.setBoolean(1, true)).getObject(1));
    assertFalse(stored("b", p -> p.setObject(1, false, JDBCType.BOOLEAN)).getBoolean(1));
  }

  @Test
  void textAndBytesKeepTheirValue() throws SQLException {
    String text = "Ünïcödé \uD83D\uDE00 ' \" \\ \n\t%";
    assertEquals(text, stored("v", p -> p.setString(1, text)).getObject(1));
    assertEquals("", stored("v", p -> p.setString(1, "")).getString(1));
    assertEquals("ab  ", stored("c", p -> p.setString(1, "ab")).getString(1));
    assertEquals("read", stored("v", p -> p.setCharacterStream(1, new StringReader("reader"), 4)).getString(1));
    UUID uuid = UUID.randomUUID();
    assertEquals(uuid, stored("v", p -> p.setObject(1, uuid)).getObject(1, UUID.class));
    ResultSet row = stored("u", p -> p.setObject(1, uuid));
    assertEquals(uuid, row.getObject(1));
    assertEquals(uuid, row.getObject("u", UUID.class));
    assertEquals(uuid.toString(), row.getString(1));
    assertEquals(Types.OTHER, row.getMetaData().getColumnType(1));
    assertEquals("UUID", row.getMetaData().getColumnTypeName(1));
    assertEquals("java.util.UUID", row.getMetaData().getColumnClassName(1));
    assertEquals(uuid, stored("u", p -> p.setString(1, uuid.toString())).getObject(1));
    try (PreparedStatement query = connection.prepareStatement("select id from t where u = ?")) {
      query.setObject(1, uuid);
      assertTrue(query.executeQuery().next());
    }
    byte[] bytes = {0, -1, 127, -128};
    assertArrayEquals(bytes, stored("x", p -> p.setBytes(1, bytes)).getBytes(1));
    assertArrayEquals(bytes, (byte[]) stored("x", p -> p.setBinaryStream(1, new ByteArrayInputStream(bytes))).getObject(1));
    assertArrayEquals(bytes, stored("x", p -> p.setObject(1, bytes)).getBlob(1).getBytes(1, 4));
    assertArrayEquals(new byte[0], stored("x", p -> p.setBytes(1, new byte[0])).getBytes(1));
  }

  @Test
  void nullIsNullInEveryType() throws SQLException {
    for (String column : COLUMNS) {
      ResultSet result = stored(column, p -> p.setNull(1, Types.VARCHAR));
      assertNull(result.getObject(1), column);
      assertTrue(result.wasNull());
      assertEquals(0, result.getInt(1));
      assertFalse(result.getBoolean(1));
      assertNull(result.getString(1));
      assertNull(result.getTimestamp(1));
      assertNull(result.getObject(1, LocalDate.class));
      assertNull(stored(column, p -> p.setObject(1, null)).getBigDecimal(1));
    }
  }

  @Test
  void datesAndTimesAreTheSameInEveryTimeZone() throws SQLException {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String writer : List.of("Pacific/Kiritimati", "America/St_Johns")) {
        TimeZone.setDefault(TimeZone.getTimeZone(writer));
        write();
        for (String reader : List.of("UTC", "America/Los_Angeles", "Asia/Kolkata")) {
          TimeZone.setDefault(TimeZone.getTimeZone(reader));
          read();
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private void write() throws SQLException {
    run("delete from t");
    try (PreparedStatement insert = connection.prepareStatement("insert into t (id, dt, tm, ts) values (?, ?, ?, ?)")) {
      insert.setInt(1, 1);
      insert.setDate(2, Date.valueOf("2024-03-31"));
      insert.setTime(3, Time.valueOf("02:30:00"));
      insert.setTimestamp(4, Timestamp.valueOf("2024-10-27 01:30:00.123"));
      insert.addBatch();
      insert.setInt(1, 2);
      insert.setObject(2, LocalDate.of(2024, 3, 31));
      insert.setObject(3, LocalTime.of(2, 30));
      insert.setObject(4, LocalDateTime.of(2024, 10, 27, 1, 30, 0, 123_000_000));
      insert.addBatch();
      insert.setInt(1, 3);
      insert.setString(2, "2024-03-31");
      insert.setString(3, "02:30:00");
      insert.setString(4, "2024-10-27 01:30:00.123");
      insert.addBatch();
      insert.executeBatch();
    }
    run("insert into t (id, dt, tm, ts) values (4, date '2024-03-31', time '02:30:00', timestamp '2024-10-27 01:30:00.123')");
  }

  private void read() throws SQLException {
    try (ResultSet result = connection.createStatement().executeQuery("select dt, tm, ts, id from t")) {
      int rows = 0;
      while (result.next()) {
        rows++;
        assertEquals("2024-03-31", result.getString(1));
        assertEquals("02:30:00", result.getString(2));
        assertEquals("2024-10-27 01:30:00.123", result.getString(3));
        assertEquals(Date.valueOf("2024-03-31"), result.getObject(1));
        assertEquals("02:30:00", result.getTime(2).toString());
        assertEquals(Timestamp.valueOf("2024-10-27 01:30:00.123"), result.getTimestamp(3));
        assertEquals(LocalDate.of(2024, 3, 31), result.getObject(1, LocalDate.class));
        assertEquals(LocalTime.of(2, 30), result.getObject(2, LocalTime.class));
        assertEquals(LocalDateTime.of(2024, 10, 27, 1, 30, 0, 123_000_000), result.getObject(3, LocalDateTime.class));
      }
      assertEquals(4, rows);
    }
  }

  @Test
  void aCalendarSaysWhoseClockIsMeant() throws SQLException {
    Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    Timestamp epoch = new Timestamp(0);
    ResultSet result = stored("ts", p -> p.setTimestamp(1, epoch, tokyo));
    assertEquals("1970-01-01 09:00:00", result.getString(1));
    assertEquals(epoch, result.getTimestamp(1, tokyo));
  }

  @Test
  void theRangeOfDatesAndTimesIsWhole() throws SQLException {
    for (LocalDate date : List.of(LocalDate.of(1, 1, 1), LocalDate.of(1582, 10, 10), LocalDate.of(9999, 12, 31))) {
      assertEquals(date, stored("dt", p -> p.setObject(1, date)).getObject(1, LocalDate.class));
      LocalDateTime timestamp = date.atTime(23, 59, 59, 999_000_000);
      assertEquals(timestamp, stored("ts", p -> p.setObject(1, timestamp)).getObject(1, LocalDateTime.class));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() throws SQLException {
    assertFails("22003", SQLDataException.class, () -> stored("s", p -> p.setInt(1, 40_000)));
    assertFails("22003", SQLDataException.class, () -> stored("l", p -> p.setInt(1, 1)).getObject(1, Long.class).toString()
        .concat(String.valueOf(stored("l", p -> p.setLong(1, 1L << 40)).getInt(1))));
    assertFails("22018", SQLDataException.class, () -> stored("ts", p -> p.setObject(1, Instant.EPOCH)));
    assertFails("22018", SQLDataException.class, () -> stored("v", p -> p.setObject(1, new Object())));
    assertFails("22018", SQLDataException.class, () -> stored("v", p -> p.setString(1, "x")).getInt(1));
    assertFails("22007", SQLDataException.class, () -> stored("v", p -> p.setString(1, "x")).getDate(1));
  }
}
