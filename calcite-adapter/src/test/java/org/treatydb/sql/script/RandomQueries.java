package org.treatydb.sql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes small random queries that mix types as users do by mistake and on purpose. The same seed gives the same queries. */
final class RandomQueries {

  private static final int DEPTH_MAX = 3;

  private static final List<String> CONSTANTS = List.of(
      "1", "-2", "0", "32767", "2147483647", "9223372036854775807", "1.5", "-0.25", "100.00", "1e0", "-2.5e10", "1e300", "NULL",
      "CAST(NULL AS INTEGER)", "CAST(7 AS SMALLINT)", "CAST(8 AS BIGINT)", "CAST(1.25 AS DECIMAL(10, 4))", "CAST(3 AS REAL)", "'a'", "''",
      "'12'", "'2024-01-31'", "'ab  '", "CAST('x' AS CHAR(3))", "CAST('yz' AS VARCHAR(2))", "TRUE", "FALSE", "DATE '2024-02-29'",
      "TIME '12:30:00'", "TIMESTAMP '2024-02-29 12:30:00.5'", "X'00ff'", "INTERVAL '1' DAY");

  private static final List<String> COLUMNS = List.of(
      "t.i", "t.b", "t.d", "t.f", "t.v", "t.c", "t.da", "t.ts", "t.bo", "t.r", "t.x", "t.s");

  private static final List<String> TYPES = List.of("SMALLINT", "INTEGER", "BIGINT", "DECIMAL(10, 2)", "DECIMAL(38, 10)", "REAL", "DOUBLE",
      "VARCHAR", "VARCHAR(3)", "CHAR(4)", "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "VARBINARY(4)");

  private static final List<String> INFIX = List.of(
      "+", "-", "*", "/", "%", "||", "=", "<>", "<", ">=", "AND", "OR", "IS DISTINCT FROM", "LIKE");

  private static final List<String> FUNCTIONS = List.of("ABS", "COALESCE", "NULLIF", "GREATEST", "LEAST", "UPPER", "CHAR_LENGTH", "ROUND",
      "FLOOR", "CEIL", "SQRT", "POWER", "MOD", "TRIM", "SUBSTRING", "EXTRACT_YEAR", "SIGN", "LN", "CONCAT", "REPLACE", "POSITION_IN");

  private static final List<String> AGGREGATES = List.of(
      "SUM", "AVG", "MIN", "MAX", "COUNT", "VAR_SAMP", "STDDEV_POP", "EVERY", "SUM_DISTINCT", "COUNT_DISTINCT");

  private final Random random;

  RandomQueries(long seed) {
    this.random = new Random(seed);
  }

  String next() {
    return switch (random.nextInt(9)) {
      case 0, 1 -> "SELECT " + expression(0) + ", " + expression(0) + " FROM t";
      case 2 -> values();
      case 3 -> "SELECT x, " + expression(0).replace("t.x", "x").replaceAll("t\\.\\w+", "x") + " FROM (" + values() + ") AS t (x)";
      case 4 -> "SELECT " + expression(1) + " FROM t " + oneOf("UNION", "UNION ALL", "INTERSECT", "EXCEPT") + " SELECT " + expression(1)
          + " FROM t";
      case 5 -> "SELECT " + aggregate() + ", " + aggregate() + " FROM t" + oneOf("", " GROUP BY " + expression(2), " GROUP BY t.i");
      case 6 -> "SELECT t.i FROM t WHERE " + condition();
      case 7 -> "SELECT " + aggregate() + " OVER (" + oneOf("", "PARTITION BY " + expression(2) + " ")
          + oneOf("", "ORDER BY " + expression(2)) + ") FROM t";
      default -> "SELECT a.i FROM t AS a JOIN t ON " + expression(2).replace("t.", "a.") + " = " + expression(2) + " ORDER BY "
          + expression(2);
    };
  }

  private String values() {
    List<String> rows = new ArrayList<>();
    for (int i = random.nextInt(3) + 1; i > 0; i--) {
      rows.add("(" + (random.nextInt(4) == 0 ? expression(2).replaceAll("t\\.\\w+", "1") : oneOf(CONSTANTS)) + ")");
    }
    return "VALUES " + String.join(", ", rows);
  }

  private String condition() {
    return switch (random.nextInt(4)) {
      case 0 -> expression(1) + " IN (" + oneOf(CONSTANTS) + ", " + expression(2) + ", " + oneOf(CONSTANTS) + ")";
      case 1 -> expression(1) + " BETWEEN " + expression(2) + " AND " + expression(2);
      case 2 -> expression(1) + oneOf(" IN ", " NOT IN ", " = ANY ", " < ALL ") + "(SELECT " + expression(2) + " FROM t)";
      default -> expression(1) + oneOf(" = ", " < ", " <> ") + expression(1);
    };
  }

  private String aggregate() {
    String function = oneOf(AGGREGATES);
    return function.endsWith("_DISTINCT")
        ? function.substring(0, function.indexOf('_')) + "(DISTINCT " + expression(2) + ")" : function + "(" + expression(2) + ")";
  }

  private String expression(int depth) {
    if (depth >= DEPTH_MAX) {
      return leaf();
    }
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> leaf();
      case 3, 4 -> "(" + expression(depth + 1) + " " + oneOf(INFIX) + " " + expression(depth + 1) + ")";
      case 5 -> "CAST(" + expression(depth + 1) + " AS " + oneOf(TYPES) + ")";
      case 6 -> "CASE WHEN " + oneOf("TRUE", "t.bo", "t.i > 1") + " THEN " + expression(depth + 1) + " ELSE " + expression(depth + 1)
          + " END";
      case 7 -> oneOf("-", "NOT ") + expression(depth + 1);
      default -> call(oneOf(FUNCTIONS), depth + 1);
    };
  }

  private String call(String function, int depth) {
    String first = expression(depth);
    return switch (function) {
      case "COALESCE", "NULLIF", "GREATEST", "LEAST", "POWER", "MOD", "CONCAT" -> function + "(" + first + ", " + expression(depth) + ")";
      case "REPLACE" -> function + "(" + first + ", " + expression(depth) + ", 'z')";
      case "ROUND" -> function + "(" + first + ", 1)";
      case "SUBSTRING" -> "SUBSTRING(" + first + " FROM 1 FOR 2)";
      case "EXTRACT_YEAR" -> "EXTRACT(YEAR FROM " + first + ")";
      case "POSITION_IN" -> "POSITION(" + first + " IN " + expression(depth) + ")";
      default -> function + "(" + first + ")";
    };
  }

  private String leaf() {
    return random.nextBoolean() ? oneOf(COLUMNS) : oneOf(CONSTANTS);
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String oneOf(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
