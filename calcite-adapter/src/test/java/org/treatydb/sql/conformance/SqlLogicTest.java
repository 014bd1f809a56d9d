package org.treatydb.sql.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.sql.conformance.SqlLogicCorpus.Script;

/**
 * A sample of the SQLite corpus: all of {@code evidence}, and of each other kind one file, of which some queries are run. The whole:
 * {@code calcite-adapter/bin/sqllogictest}.
 */
class SqlLogicTest {

  /** So many queries of a file, from all over it, or fewer if so many statements have been run. */
  private static final int QUERIES = 12;
  private static final int STATEMENTS_MAX = 1_100;

  /** In select5, 64 tables are joined, which takes seconds to plan. */
  private static final int QUERIES_OF_MANY_TABLES = 3;

  /** The files have about so many bytes for a query. */
  private static final int BYTES_PER_QUERY = 400;

  static List<String> kinds() {
    return byKind().keySet().stream().toList();
  }

  private static Map<String, List<Script>> byKind() {
    Map<String, List<Script>> kinds = new TreeMap<>();
    for (Script script : SqlLogicCorpus.scripts()) {
      // Of index/view/10, index/view/100 … the first stands for all.
      String kind = script.kind().replaceFirst("/\\d+$", "");
      if (script.bytes() > 0 && (kind.equals("evidence") || !kinds.containsKey(kind))) {
        kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(script);
      }
    }
    return kinds;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void givesWhatTheCorpusSaysOrDeviatesForAReason(String kind) throws Exception {
    List<String> failures = new ArrayList<>();
    int queries = 0;
    for (Script script : byKind().get(kind)) {
      boolean whole = kind.equals("evidence");
      int wanted = kind.equals("select5") ? QUERIES_OF_MANY_TABLES : QUERIES;
      SqlLogicRun run = new SqlLogicRun(script, whole ? 1 : (int) Math.max(1, script.bytes() / BYTES_PER_QUERY / wanted), failure -> {
        if (SqlLogicDeviation.of(failure) == null) {
          failures.add(script.name() + ":" + failure.sql().line() + ": " + failure.what() + ": " + failure.sql().sql());
        }
      });
      run.run(each -> !whole
          && (each.queries() >= wanted || each.queries() > 0 && each.statements() >= STATEMENTS_MAX));
      queries += run.queries();
    }
    assertEquals(List.of(), failures);
    assertTrue(queries > 0, "no query was run");
  }

  @Test
  void findsAWrongResultAndAnErrorAndAStatementThatShouldFail() throws Exception {
    SqlLogicRecord.Query wrong =
        new SqlLogicRecord.Query(1, "SELECT 2", "I", SqlLogicRecord.Order.NOSORT, List.of("1"), 1, null);
    SqlLogicRecord.Query hashed =
        new SqlLogicRecord.Query(1, "SELECT 2", "I", SqlLogicRecord.Order.NOSORT, null, 1, "b026324c6904b2a9cb4b88d6d61c81d1");
    SqlLogicRecord.Query right =
        new SqlLogicRecord.Query(1, "SELECT 1", "I", SqlLogicRecord.Order.NOSORT, null, 1, "b026324c6904b2a9cb4b88d6d61c81d1");
    SqlLogicRecord.Query failing = new SqlLogicRecord.Query(1, "SELECT", "I", SqlLogicRecord.Order.NOSORT, List.of("1"), 1, null);
    SqlLogicRecord.Statement succeeding = new SqlLogicRecord.Statement(1, "CREATE TABLE t (i INTEGER)", true);
    assertEquals("value 1 is 2 instead of 1", SqlLogicRun.tried(wrong));
    assertEquals("other values", SqlLogicRun.tried(hashed));
    assertEquals(null, SqlLogicRun.tried(right));
    assertNotNull(SqlLogicRun.tried(failing));
    assertEquals("does not fail", SqlLogicRun.tried(succeeding));
  }
}
