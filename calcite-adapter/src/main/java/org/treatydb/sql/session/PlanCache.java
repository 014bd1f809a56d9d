package org.treatydb.sql.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.SQLException;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.plan.Planned;
import org.treatydb.sql.plan.StatementPlanner;
import org.treatydb.sql.system.SystemViews;

/**
 * The plans of recent statements, by SQL text and catalog. A catalog that changes is another catalog, so no plan is ever used with a schema
 * it was not made for; the plans of old ones age out. Sessions of all users share them: who runs one is checked each time. Thread-safe.
 */
final class PlanCache {

  private static final int PLANS_MAX = 2_000;

  /** Longer texts, such as INSERTs of many rows, are hardly ever sent twice. */
  private static final int SQL_CHARACTERS_MAX = 16_384;

  private final SystemViews views;
  private final int defaultBuckets;
  private final Cache<Key, Planned> plans = Caffeine.newBuilder().maximumSize(PLANS_MAX).build();

  PlanCache(SystemViews views, int defaultBuckets) {
    this.views = views;
    this.defaultBuckets = defaultBuckets;
  }

  private record Key(String sql, long catalog) {}

  /** The plan of a statement that is no transaction control. */
  Planned plan(String sql, Catalog catalog) throws SQLException {
    Key key = new Key(sql, catalog.identity());
    Planned plan = plans.getIfPresent(key);
    if (plan == null) {
      plan = StatementPlanner.plan(TreatyParser.parseStatement(sql), catalog, views, defaultBuckets);
      if (plan.isCacheable() && sql.length() <= SQL_CHARACTERS_MAX) {
        plans.put(key, plan);
      }
    }
    return plan;
  }
}
