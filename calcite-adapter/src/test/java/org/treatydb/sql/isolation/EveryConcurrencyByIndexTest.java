package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same when rows are found by an index: what comes into a condition's range there is a phantom, too. */
class EveryConcurrencyByIndexTest extends EveryConcurrencyTest {

  @Override
  void define(Actor setUp) throws SQLException {
    super.define(setUp);
    setUp.does("CREATE INDEX test_val ON test (val)");
  }

  @Override
  int buckets() {
    return 2;
  }

  @Test
  void theIndexIsUsed() throws SQLException {
    for (String query : List.of("SELECT id FROM test WHERE val = 30", "SELECT id FROM test WHERE MOD(val, 3) = 0")) {
      String plan = autocommit().starts("EXPLAIN PLAN FOR " + query).succeeds().toString();
      assertTrue(plan.contains("using test_val"), plan);
    }
  }
}
