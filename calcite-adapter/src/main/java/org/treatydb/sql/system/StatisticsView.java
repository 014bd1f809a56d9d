package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.BIGINT;
import static org.treatydb.sql.type.ColumnType.Kind.DOUBLE;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnStatistics;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableStatistics;

/** {@code sys.statistics}: a row for each column of a table that ANALYZE has seen. */
final class StatisticsView {

  private StatisticsView() {}

  static SystemView view() {
    return new SystemView("statistics", new SystemViews.Columns()
        .add("schema_name", VARCHAR, false)
        .add("table_name", VARCHAR, false)
        .add("column_name", VARCHAR, false)
        .add("row_count", BIGINT, false)
        .add("distinct_count", BIGINT, false)
        .add("null_fraction", DOUBLE, false)
        .list(), (catalog, nowMillis) -> rows(catalog)).forEverybody();
  }

  private static List<Object[]> rows(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      TableStatistics statistics = catalog.statistics(table);
      for (ColumnDescriptor column : table.columns()) {
        ColumnStatistics found = statistics == null ? null : statistics.columns().get(column.id());
        if (found != null) {
          rows.add(new Object[] {
              catalog.schemaName(table), table.name(), column.name(), statistics.rows(), found.distinct(), found.nulls()});
        }
      }
    }
    return rows;
  }
}
