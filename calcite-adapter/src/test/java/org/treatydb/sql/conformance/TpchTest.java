package org.treatydb.sql.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.session.TreatyDatabase;

/** The 22 queries of TPC-H, on a hundredth of its smallest data, give what H2 gives. CHAR is compared without its trailing spaces. */
class TpchTest {

  private static final double SCALE = 0.01;

  /** Averages and quotients differ in their last digits. */
  private static final MathContext DIGITS = new MathContext(8);
  private static final int FRACTION_DIGITS = 5;

  private static final List<String> QUERIES = TpchData.statements("queries.sql");
  private static final int DISJUNCTIVE = 19;
  private static final int ROWS_PER_TRANSACTION = 2_000;

  private static EmbeddedStore store;
  private static SqlDatabase database;
  private static SqlSession session;
  private static Connection reference;

  @BeforeAll
  static void load() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    session = database.openSession();
    reference = DriverManager.getConnection("jdbc:h2:mem:");
    for (String create : TpchData.statements("schema.sql")) {
      define(create);
    }
    session.setAutoCommit(false);
    Map<String, SqlStatement> inserts = new HashMap<>();
    Map<String, PreparedStatement> referenceInserts = new HashMap<>();
    int[] rows = new int[1];
    TpchData.generate(SCALE, (insert, row) -> {
      if (!inserts.containsKey(insert)) {
        inserts.put(insert, session.prepare(insert));
        referenceInserts.put(insert, reference.prepareStatement(insert));
      }
      inserts.get(insert).execute(row);
      PreparedStatement statement = referenceInserts.get(insert);
      for (int i = 0; i < row.size(); i++) {
        statement.setObject(i + 1, row.get(i));
      }
      statement.executeUpdate();
      if (++rows[0] % ROWS_PER_TRANSACTION == 0) {
        session.commit();
      }
    });
    session.commit();
    session.setAutoCommit(true);
    for (String create : TpchData.statements("indexes.sql")) {
      define(create);
    }
    session.prepare("ANALYZE").execute(List.of());
    try (Statement statement = reference.createStatement()) {
      statement.execute("ANALYZE");
    }
  }

  private static void define(String sql) throws SQLException {
    session.prepare(sql).execute(List.of());
    try (Statement statement = reference.createStatement()) {
      // H2 does not find 'SHIP' among values of CHAR(10).
      statement.execute(sql.replace(" CHAR(", " VARCHAR("));
    }
  }

  @AfterAll
  static void close() throws SQLException {
    reference.close();
    session.close();
    database.close();
    store.close();
  }

  static IntStream numbers() {
    return IntStream.rangeClosed(1, QUERIES.size());
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void givesWhatAnotherDatabaseGives(int number) throws SQLException {
    String sql = QUERIES.get(number - 1);
    List<List<String>> expected = expected(number == DISJUNCTIVE ? factored(sql) : sql);
    List<List<String>> actual = actual(sql);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i), "row " + (i + 1));
    }
    assertFalse(actual.isEmpty(), "a query without result tells nothing");
  }

  /** The condition that joins the tables stands in each of three alternatives. H2 finds that out only if it is told. */
  private static String factored(String sql) {
    String join = "p_partkey = l_partkey AND ";
    return sql.replace(join, "").replace("WHERE ", "WHERE " + join + "(") + ")";
  }

  private static List<List<String>> actual(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    SqlStatement statement = session.prepare(sql);
    try (var cursor = ((SqlResult.Rows) statement.execute(List.of())).cursor()) {
      while (cursor.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cursor.row().length; i++) {
          row.add(text(cursor.row()[i], statement.columns().get(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String text(Object value, SqlColumn column) {
    return column.typeName().equals("DATE") ? LocalDate.ofEpochDay((Integer) value).toString() : text(value);
  }

  private static List<List<String>> expected(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = reference.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(text(result.getObject(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "NULL";
      case Number number -> {
        BigDecimal decimal = new BigDecimal(number.toString());
        BigDecimal rounded = decimal.round(DIGITS);
        yield rounded.setScale(Math.min(rounded.scale(), FRACTION_DIGITS), RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
      }
      default -> value.toString().stripTrailing();
    };
  }
}
