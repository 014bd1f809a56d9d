package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlNode;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints.Action;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.ForeignKeys;
import org.treatydb.sql.exec.Reference;

/** Plans what the foreign keys of a table, and those that refer to it, make of a statement that writes it. */
final class ForeignKeyPlanner {

  private final Catalog catalog;
  private final QueryPlanner queries;

  ForeignKeyPlanner(Catalog catalog, QueryPlanner queries) {
    this.catalog = catalog;
    this.queries = queries;
  }

  ForeignKeys plan(TableDescriptor written) throws SQLException {
    if (written.constraints().foreignKeys().isEmpty() && catalog.referringTo(written.id()).isEmpty()) {
      return ForeignKeys.NONE;
    }
    Map<Integer, ForeignKeys.Table> planned = new HashMap<>();
    Deque<TableDescriptor> open = new ArrayDeque<>(List.of(written));
    while (!open.isEmpty()) {
      TableDescriptor table = open.poll();
      if (!planned.containsKey(table.id())) {
        planned.put(table.id(), plan(table, open));
      }
    }
    return new ForeignKeys(planned);
  }

  /** Adds the tables whose rows are changed when those of {@code table} are to {@code open}. */
  private ForeignKeys.Table plan(TableDescriptor table, Deque<TableDescriptor> open) throws SQLException {
    List<Reference> references = new ArrayList<>();
    for (ForeignKey key : table.constraints().foreignKeys()) {
      references.add(reference(key, table, catalog));
    }
    List<Reference> referrers = new ArrayList<>();
    for (TableDescriptor child : catalog.referringTo(table.id())) {
      for (ForeignKey key : child.constraints().foreignKeys()) {
        if (key.parentId() == table.id()) {
          referrers.add(reference(key, child));
          if (changesChildren(key.onDelete()) || changesChildren(key.onUpdate())) {
            open.add(child);
          }
        }
      }
    }
    boolean changed = table.constraints().foreignKeys().stream().anyMatch(
        key -> changesChildren(key.onDelete()) || changesChildren(key.onUpdate()));
    return new ForeignKeys.Table(changed ? new RulesPlanner(table, queries).plan() : null,
        ImmutableList.copyOf(references), ImmutableList.copyOf(referrers));
  }

  private static boolean changesChildren(Action action) {
    return action != Action.NO_ACTION && action != Action.RESTRICT;
  }

  private Reference reference(ForeignKey key, TableDescriptor child) throws SQLException {
    CompiledQuery defaults = null;
    if (key.onDelete() == Action.SET_DEFAULT || key.onUpdate() == Action.SET_DEFAULT) {
      List<SqlNode> select = new ArrayList<>();
      List<ColumnDescriptor> columns = new ArrayList<>();
      for (int columnId : key.columnIds()) {
        columns.add(child.columns().get(child.positionOf((Integer) columnId)));
        select.add(Trees.defaultValue(columns.getLast()));
      }
      defaults = QueryPlanner.compile(QueryPlanner.assigned(queries.convert(Trees.selectWithoutFrom(select)), columns), false);
    }
    return reference(key, child, catalog, defaults);
  }

  private static Reference reference(ForeignKey key, TableDescriptor child, Catalog catalog, CompiledQuery defaults) {
    return new Reference(key, new TableLayout(child), new TableLayout(catalog.table(key.parentId())), defaults);
  }

  /** A foreign key, to look what refers to what. */
  static Reference reference(ForeignKey key, TableDescriptor child, Catalog catalog) {
    return reference(key, child, catalog, null);
  }
}
