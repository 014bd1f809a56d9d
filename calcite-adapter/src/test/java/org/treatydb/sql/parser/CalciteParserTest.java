package org.treatydb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import org.apache.calcite.sql.parser.SqlParserFixture;
import org.apache.calcite.sql.parser.SqlParserTest;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.golden.GoldenFile;

/**
 * Calcite's own tests of its parser, run with ours. Those that fail are in {@code golden/calcite-parser-deviations.txt}, each with its
 * reason; a new one gets a question mark there.
 */
class CalciteParserTest {

  private static final String DEVIATIONS = "calcite-parser-deviations.txt";
  private static final int TESTS_MIN = 400;

  /** Calcite's tests, but for the parser. */
  private static final class WithOurParser extends SqlParserTest {

    @Override
    public SqlParserFixture fixture() {
      return super.fixture().withConfig(config -> config.withParserFactory(GeneratedParser.FACTORY));
    }
  }

  @Test
  void passesCalcitesTestsButThoseOnTheList() throws IllegalAccessException {
    Map<String, String> reasons = new TreeMap<>();
    GoldenFile.inputs(DEVIATIONS, "").forEach(line -> reasons.put(line.substring(0, line.indexOf(':')), line));
    StringBuilder failed = new StringBuilder();
    int tests = 0;
    for (Method test : tests().values()) {
      tests++;
      try {
        test.invoke(new WithOurParser());
      } catch (InvocationTargetException e) {
        failed.append(reasons.getOrDefault(test.getName(), test.getName() + ": ? " + e.getCause())).append('\n');
      }
    }
    int found = tests;
    assertTrue(found >= TESTS_MIN, () -> "only " + found + " tests found");
    GoldenFile.check(DEVIATIONS, failed.toString());
  }

  private static Map<String, Method> tests() {
    Map<String, Method> tests = new TreeMap<>();
    for (Method method : SqlParserTest.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(Test.class) && !method.isAnnotationPresent(Disabled.class)) {
        method.setAccessible(true);
        tests.put(method.getName(), method);
      }
    }
    return tests;
  }
}
