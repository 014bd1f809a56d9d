package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.BOOLEAN;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;

/** {@code sys.indexes}: a row for each secondary index. */
final class IndexesView {

  private IndexesView() {}

  static SystemView view() {
    return new SystemView("indexes", new SystemViews.Columns()
        .add("schema_name", VARCHAR, false)
        .add("table_name", VARCHAR, false)
        .add("index_name", VARCHAR, false)
        .add("is_unique", BOOLEAN, false)
        .add("is_constraint", BOOLEAN, false)
        .add("columns", VARCHAR, false)
        .add("included_columns", VARCHAR, true)
        .add("state", VARCHAR, false)
        .list(), (catalog, nowMillis) -> rows(catalog)).forEverybody();
  }

  private static List<Object[]> rows(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      for (IndexDescriptor index : table.indexes()) {
        rows.add(new Object[] {
            catalog.schemaName(table), table.name(), index.name(), index.unique(), index.constraint(), columns(table, index),
            index.includedIds().isEmpty() ? null : included(table, index), index.state().name()});
      }
    }
    return rows;
  }

  private static String columns(TableDescriptor table, IndexDescriptor index) {
    List<Integer> positions = table.positions(index);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < positions.size(); i++) {
      columns.add(table.columns().get(positions.get(i)).name() + (index.parts().get(i).descending() ? " DESC" : ""));
    }
    return String.join(", ", columns);
  }

  private static String included(TableDescriptor table, IndexDescriptor index) {
    return table.includedPositions(index).stream().map(position -> table.columns().get(position).name()).collect(Collectors.joining(", "));
  }
}
