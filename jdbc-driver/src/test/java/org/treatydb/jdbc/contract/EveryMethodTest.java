package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.Driver;
import java.sql.JDBCType;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLType;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import javax.sql.DataSource;
import javax.sql.rowset.serial.SerialBlob;
import javax.sql.rowset.serial.SerialClob;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.jdbc.TreatyDataSource;
import org.treatydb.jdbc.TreatyDriver;

/** Every method of JDBC's interfaces does something, or fails with a SQLException that says why. */
class EveryMethodTest extends ContractTest {

  /** May be called of what is closed. */
  private static final Set<String> OF_CLOSED = Set.of("close", "isClosed", "abort", "isValid", "unwrap", "isWrapperFor");

  private static final Map<Class<?>, Object> USUAL = usual();
  private static final Map<Class<?>, Object> ODD = Map.ofEntries(
      Map.entry(int.class, -1), Map.entry(long.class, -1L), Map.entry(short.class, (short) -1), Map.entry(byte.class, (byte) -1),
      Map.entry(boolean.class, true), Map.entry(float.class, Float.NaN), Map.entry(double.class, Double.NEGATIVE_INFINITY),
      Map.entry(String.class, ""), Map.entry(Object.class, new Object()), Map.entry(Class.class, Thread.class),
      Map.entry(int[].class, new int[0]), Map.entry(String[].class, new String[0]), Map.entry(byte[].class, new byte[0]));
  private static final Map<Class<?>, Object> NOTHING = Map.of(int.class, 0, long.class, 0L, short.class, (short) 0, byte.class, (byte) 0,
      boolean.class, false, float.class, 0f, double.class, 0d);

  private final List<String> wrong = new ArrayList<>();

  /** Makes what a method is called of. */
  private interface Maker<T> {
    T make() throws SQLException;
  }

  private static Map<Class<?>, Object> usual() {
    Map<Class<?>, Object> values = new HashMap<>(Map.of(int.class, 1, long.class, 1L, short.class, (short) 1, byte.class, (byte) 1,
        boolean.class, false, float.class, 1.5f, double.class, 1.5, String.class, "name", Object.class, "object"));
    values.put(Class.class, String.class);
    values.put(byte[].class, new byte[] {1});
    values.put(int[].class, new int[] {1});
    values.put(String[].class, new String[] {"id"});
    values.put(Object[].class, new Object[] {"x"});
    values.put(BigDecimal.class, BigDecimal.TEN);
    values.put(Date.class, Date.valueOf("2026-01-02"));
    values.put(Time.class, Time.valueOf("03:04:05"));
    values.put(Timestamp.class, Timestamp.valueOf("2026-01-02 03:04:05"));
    values.put(Calendar.class, Calendar.getInstance());
    values.put(SQLType.class, JDBCType.VARCHAR);
    values.put(Map.class, Map.of());
    values.put(Properties.class, new Properties());
    values.put(Executor.class, (Executor) Runnable::run);
    return values;
  }

  private static Object argument(Class<?> type, Map<Class<?>, Object> values) throws SQLException {
    if (values != NOTHING) {
      // Used up or changed by those who get them.
      if (type == InputStream.class) {
        return new ByteArrayInputStream(new byte[] {65});
      } else if (type == Reader.class) {
        return new StringReader("text");
      } else if (type == Blob.class) {
        return new SerialBlob(new byte[] {1});
      } else if (type == Clob.class) {
        return new SerialClob("text".toCharArray());
      }
    }
    return values.get(type);
  }

  @BeforeEach
  void createTable() throws SQLException {
    run("create table t (id integer primary key, name varchar(100), b varbinary(10), d timestamp)",
        "insert into t values (1, 'one', x'01', timestamp '2026-01-02 03:04:05')");
  }

  /** Those of an interface, but for what the JDK itself does: it fails in its own ways. */
  private static List<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()) && !isTheJdks(method)).toList();
  }

  private static boolean isTheJdks(Method method) {
    return method.getName().startsWith("enquote") || method.getName().equals("isSimpleIdentifier")
        || method.getName().startsWith("setShardingKey") || method.getName().endsWith("Request")
        || method.getName().endsWith("Builder");
  }

  /** Calls each method of {@code type} in several ways, each of a new object. */
  private <T> void call(Class<T> type, Maker<? extends T> maker) throws Exception {
    List<Method> methods = methods(type);
    assertTrue(methods.size() > 1, type + " has no methods");
    for (Method method : methods) {
      for (Map<Class<?>, Object> values : List.of(USUAL, ODD, NOTHING)) {
        SQLException e = call(method, maker.make(), values);
        if (e != null && (e.getSQLState() == null || !e.getSQLState().matches("[0-9A-Z]{5}") || e.getSQLState().startsWith("XX"))) {
          wrong.add(method + ": state " + e.getSQLState() + ", " + e.getMessage());
        }
      }
    }
  }

  /** Calls each method of something closed: it fails with one of {@code states}, or has no effect where JDBC says so. */
  private <T> void callClosed(Class<T> type, Maker<? extends T> maker, String... states) throws Exception {
    T closed = maker.make();
    for (Method method : methods(type)) {
      if (!OF_CLOSED.contains(method.getName())) {
        SQLException e = call(method, closed, USUAL);
        if (e == null) {
          wrong.add(method + " does not mind that it is closed");
        } else if (!(e instanceof SQLFeatureNotSupportedException) && !List.of(states).contains(e.getSQLState())) {
          wrong.add(method + " of something closed: state " + e.getSQLState() + ", " + e.getMessage());
        }
      }
    }
  }

  private SQLException call(Method method, Object of, Map<Class<?>, Object> values) throws Exception {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(method.getParameterTypes()[i], values);
    }
    try {
      method.invoke(of, arguments);
      return null;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException known) {
        if (known instanceof SQLFeatureNotSupportedException && !"0A000".equals(known.getSQLState())) {
          wrong.add(method + ": state " + known.getSQLState());
        }
        return known;
      }
      wrong.add(method + " with " + Arrays.toString(arguments) + ": " + e.getCause() + " "
          + Stream.of(e.getCause().getStackTrace()).limit(3).toList());
      return null;
    }
  }

  private void assertNothingWrong() {
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void everyMethodOfADriverAndAConnection() throws Exception {
    call(Driver.class, TreatyDriver::new);
    call(DataSource.class, TreatyDataSource::new);
    List<Connection> made = new ArrayList<>();
    call(Connection.class, () -> {
      made.add(database.connect());
      return made.getLast();
    });
    call(Savepoint.class, () -> {
      connection.setAutoCommit(false);
      return connection.setSavepoint();
    });
    connection.rollback();
    connection.setAutoCommit(true);
    for (Connection each : made) {
      each.close();
    }
    callClosed(Connection.class, () -> {
      Connection closed = database.connect();
      closed.close();
      return closed;
    }, "08003");
    assertNothingWrong();
  }

  @Test
  void everyMethodOfAStatement() throws Exception {
    call(Statement.class, connection::createStatement);
    callClosed(Statement.class, () -> {
      Statement closed = connection.createStatement();
      closed.close();
      return closed;
    }, "HY010");
    callClosed(Statement.class, () -> {
      try (Connection closed = database.connect()) {
        return closed.createStatement();
      }
    }, "08003");
    assertNothingWrong();
  }

  @Test
  void everyMethodOfAPreparedStatement() throws Exception {
    call(PreparedStatement.class, () -> connection.prepareStatement("update t set name = ? where id = ?"));
    call(PreparedStatement.class, () -> connection.prepareStatement("select id, name from t where id = ?"));
    callClosed(PreparedStatement.class, () -> {
      PreparedStatement closed = connection.prepareStatement("select id, name from t where id = ?");
      closed.close();
      return closed;
    }, "HY010");
    call(ParameterMetaData.class, () -> connection.prepareStatement("select id, name from t where id = ?").getParameterMetaData());
    assertNothingWrong();
  }

  @Test
  void everyMethodOfAResultSet() throws Exception {
    for (String column : List.of("name", "d")) {
      call(ResultSet.class, () -> {
        ResultSet result = connection.createStatement().executeQuery("select " + column + " as name from t");
        assertTrue(result.next());
        return result;
      });
    }
    call(ResultSet.class, () -> connection.createStatement().executeQuery("select id from t where id < 0"));
    call(ResultSet.class, () -> connection.getMetaData().getTables(null, null, "t", null));
    callClosed(ResultSet.class, () -> {
      ResultSet closed = connection.createStatement().executeQuery("select id from t");
      closed.close();
      return closed;
    }, "24000");
    callClosed(ResultSet.class, () -> {
      try (Connection closed = database.connect()) {
        return closed.createStatement().executeQuery("select id from t");
      }
    }, "08003");
    call(ResultSetMetaData.class, () -> connection.createStatement().executeQuery("select * from t").getMetaData());
    assertNothingWrong();
  }

  @Test
  void everyMethodOfTheDatabasesMetadata() throws Exception {
    call(DatabaseMetaData.class, connection::getMetaData);
    assertNothingWrong();
  }
}
