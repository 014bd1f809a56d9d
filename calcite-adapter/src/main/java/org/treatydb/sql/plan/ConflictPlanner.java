package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlNode;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.Arbiter;
import org.treatydb.sql.exec.ConflictAction;
import org.treatydb.sql.parser.OnConflict;

/** Plans the ON CONFLICT of an INSERT. */
final class ConflictPlanner {

  /** The name under which DO UPDATE reads the row that was to be inserted. */
  private static final String EXCLUDED = "excluded";

  private final TableDescriptor table;
  private final QueryPlanner queries;

  ConflictPlanner(TableDescriptor table, QueryPlanner queries) {
    this.table = table;
    this.queries = queries;
  }

  /** What {@code conflict} says; null if it is null. */
  ConflictAction plan(OnConflict conflict) throws SQLException {
    if (conflict == null) {
      return null;
    }
    TableLayout layout = new TableLayout(table);
    return new ConflictAction(layout, arbiters(conflict, layout), conflict.doesNothing() ? null : update(conflict));
  }

  private List<Arbiter> arbiters(OnConflict conflict, TableLayout layout) {
    if (conflict.columns() == null && conflict.constraint() == null && !conflict.doesNothing()) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "ON CONFLICT DO UPDATE needs the columns of the key: ON CONFLICT (columns) DO UPDATE.");
    }
    Set<Integer> columns = conflict.columns() == null ? null
        : conflict.columns().stream().map(column -> NamedTables.column(table, column)).collect(Collectors.toSet());
    String constraint = conflict.constraint();
    List<Arbiter> arbiters = new ArrayList<>();
    if (!table.hasRowId() && (columns == null || columns.equals(Set.copyOf(table.keyPositions())))
        && (constraint == null || constraint.equals(table.primaryKeyName()))) {
      arbiters.add(new Arbiter(layout, null));
    }
    for (IndexLayout index : layout.indexes()) {
      IndexDescriptor descriptor = index.index();
      if (descriptor.unique() && descriptor.isReady() && (columns == null || columns.equals(Set.copyOf(table.positions(descriptor))))
          && (constraint == null || descriptor.constraint() && constraint.equals(descriptor.name()))) {
        arbiters.add(new Arbiter(layout, index));
      }
    }
    if (arbiters.isEmpty() && columns != null) {
      throw new SqlFailure(SqlState.INVALID_COLUMN_REFERENCE,
          "Table \"" + table.name() + "\" has no primary key and no unique index of the columns that ON CONFLICT names.");
    }
    if (arbiters.isEmpty() && constraint != null) {
      throw new SqlFailure(SqlState.UNDEFINED_OBJECT,
          "Table \"" + table.name() + "\" has no primary key and no UNIQUE constraint \"" + constraint + "\".");
    }
    return List.copyOf(arbiters);
  }

  private ConflictAction.Update update(OnConflict conflict) throws SQLException {
    GivenTable present = new GivenTable(table, true);
    GivenTable excluded = new GivenTable(table, true);
    String name = table.name();
    List<SqlNode> select = new ArrayList<>(List.of(Trees.column(name, GivenTable.NUMBER)));
    List<ColumnDescriptor> targets = new ArrayList<>();
    targets.add(null);
    int[] positions = new int[conflict.targets().size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = NamedTables.column(table, conflict.targets().get(i));
      ColumnDescriptor column = table.columns().get(positions[i]);
      if (targets.contains(column)) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + column.name() + "\" is assigned more than once.");
      }
      targets.add(column);
      select.add(queries.assigned(conflict.values().get(i), column));
    }
    SqlNode pairs = Trees.crossJoin(
        Trees.as(queries.give(table, present), name), Trees.as(queries.give(table, excluded), EXCLUDED));
    SqlNode paired = Trees.equal(Trees.column(name, GivenTable.NUMBER), Trees.column(EXCLUDED, GivenTable.NUMBER));
    QueryPlanner.Converted query = queries.convert(Trees.select(select, pairs, Trees.and(paired, conflict.condition())));
    return new ConflictAction.Update(
        QueryPlanner.compile(QueryPlanner.assigned(query, targets), false), present.source(), excluded.source(), positions,
        new RulesPlanner(table, queries).plan());
  }
}
