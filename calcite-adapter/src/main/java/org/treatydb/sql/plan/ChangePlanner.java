package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.DeleteRows;
import org.treatydb.sql.exec.RowRules;
import org.treatydb.sql.exec.UpdateRows;

/**
 * Plans UPDATE and DELETE: as a query for the rows to change, whose scan of the target locks exclusively, and a modification that reads
 * that query to its end before it writes.
 */
final class ChangePlanner {

  private final Catalog catalog;
  private final QueryPlanner queries;

  ChangePlanner(Catalog catalog, QueryPlanner queries) {
    this.catalog = catalog;
    this.queries = queries;
  }

  /**
   * Plans UPDATE.
   *
   * @param source what stands after FROM; null if nothing
   * @param returning null if there is none
   */
  Plan plan(SqlUpdate update, SqlNode source, SqlNodeList returning) throws SQLException {
    SqlIdentifier name = (SqlIdentifier) update.getTargetTable();
    TableDescriptor table = NamedTables.table(catalog, name);
    TableLayout layout = new TableLayout(table);
    String alias = update.getAlias() == null ? table.name() : update.getAlias().getSimple();
    List<SqlNode> select = new ArrayList<>();
    table.columns().forEach(column -> select.add(Trees.column(alias, column.name())));
    if (table.hasRowId()) {
      select.add(Trees.column(alias, StoreTable.ROW_ID));
    }
    List<ColumnDescriptor> targets = new ArrayList<>(Collections.nCopies(select.size(), null));
    int[] positions = new int[update.getTargetColumnList().size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = NamedTables.column(table, (SqlIdentifier) update.getTargetColumnList().get(i));
      ColumnDescriptor column = table.columns().get(positions[i]);
      if (targets.contains(column)) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + column.name() + "\" is assigned more than once.");
      }
      targets.add(column);
      select.add(queries.assigned(update.getSourceExpressionList().get(i), column));
    }
    recordAccess(table, Privilege.UPDATE, source != null || Trees.hasNames(update.getCondition())
        || update.getSourceExpressionList().stream().anyMatch(Trees::hasNames));
    SqlNode query = Trees.select(select, from(target(table, name, alias), source), update.getCondition());
    QueryPlanner.Converted rows = QueryPlanner.assigned(queries.convert(query), targets);
    RowRules rules = new RulesPlanner(table, queries).plan();
    UpdateRows updated = new UpdateRows(layout, QueryPlanner.compile(rows, false), source != null, positions, rules,
        new ForeignKeyPlanner(catalog, queries).plan(table));
    return queries.modify(updated, table, alias, returning);
  }

  /** {@code reads}: whether the statement may tell something of the rows that are there. */
  private void recordAccess(TableDescriptor table, Privilege privilege, boolean reads) {
    queries.recorder().access(table, privilege);
    if (reads) {
      queries.recorder().access(table, Privilege.SELECT);
    }
    queries.recorder().expectTarget(table);
  }

  private static SqlNode from(SqlNode target, SqlNode source) {
    return source == null ? target : Trees.crossJoin(target, source);
  }

  /**
   * Plans DELETE.
   *
   * @param source what stands after USING; null if nothing
   * @param returning null if there is none
   */
  Plan plan(SqlDelete delete, SqlNode source, SqlNodeList returning) throws SQLException {
    SqlIdentifier name = (SqlIdentifier) delete.getTargetTable();
    TableDescriptor table = NamedTables.table(catalog, name);
    TableLayout layout = new TableLayout(table);
    String alias = delete.getAlias() == null ? table.name() : delete.getAlias().getSimple();
    List<SqlNode> select = new ArrayList<>();
    Set<Integer> positions = new LinkedHashSet<>(table.keyPositions());
    table.indexes().forEach(index -> positions.addAll(table.positions(index)));
    if (table.hasRowId()) {
      positions.add(table.columns().size());
    }
    if (returning != null) {
      IntStream.range(0, table.columns().size()).forEach(positions::add);
    }
    for (int position : positions) {
      boolean rowId = position == table.columns().size();
      select.add(Trees.column(alias, rowId ? StoreTable.ROW_ID : table.columns().get(position).name()));
    }
    recordAccess(table, Privilege.DELETE, source != null || Trees.hasNames(delete.getCondition()));
    SqlNode query = Trees.select(select, from(target(table, name, alias), source), delete.getCondition());
    int[] read = positions.stream().mapToInt(Integer::intValue).toArray();
    CompiledQuery rows = QueryPlanner.compile(queries.convert(query), false);
    DeleteRows deleted =
        new DeleteRows(layout, rows, source != null, read, new ForeignKeyPlanner(catalog, queries).plan(table));
    return queries.modify(deleted, table, alias, returning);
  }

  /** The table that is changed, so that what is read of it is locked exclusively. */
  static SqlNode target(TableDescriptor table, SqlIdentifier name, String alias) {
    List<String> path = new ArrayList<>(name.names);
    path.set(path.size() - 1, CatalogSchema.targetName(table.name()));
    return Trees.as(new SqlIdentifier(path, SqlParserPos.ZERO), alias);
  }
}
