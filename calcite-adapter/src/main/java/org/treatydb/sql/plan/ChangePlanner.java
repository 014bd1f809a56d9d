package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.DeleteRows;
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

  Plan plan(SqlUpdate update) throws SQLException {
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
      select.add(source(update.getSourceExpressionList().get(i), column));
    }
    SqlNode query = Trees.select(select, target(table, name, alias), update.getCondition());
    QueryPlanner.Converted source = QueryPlanner.assigned(queries.convert(query), targets);
    return new Plan.Modify(new UpdateRows(layout, QueryPlanner.compile(source, false), positions), queries.parameters());
  }

  private SqlNode source(SqlNode expression, ColumnDescriptor column) throws SQLException {
    if (expression.getKind() == SqlKind.DEFAULT) {
      return Trees.defaultValue(column);
    }
    if (expression instanceof SqlDynamicParam parameter) {
      queries.assignParameter(parameter.getIndex(), column);
    }
    return expression;
  }

  Plan plan(SqlDelete delete) {
    SqlIdentifier name = (SqlIdentifier) delete.getTargetTable();
    TableDescriptor table = NamedTables.table(catalog, name);
    TableLayout layout = new TableLayout(table);
    String alias = delete.getAlias() == null ? table.name() : delete.getAlias().getSimple();
    List<SqlNode> select = new ArrayList<>();
    List<Integer> positions = table.hasRowId() ? List.of(table.columns().size()) : table.keyPositions();
    for (int position : positions) {
      select.add(Trees.column(alias, table.hasRowId() ? StoreTable.ROW_ID : table.columns().get(position).name()));
    }
    SqlNode query = Trees.select(select, target(table, name, alias), delete.getCondition());
    int[] key = positions.stream().mapToInt(Integer::intValue).toArray();
    return new Plan.Modify(
        new DeleteRows(layout, QueryPlanner.compile(queries.convert(query), false), key), queries.parameters());
  }

  private static SqlNode target(TableDescriptor table, SqlIdentifier name, String alias) {
    List<String> path = new ArrayList<>(name.names);
    path.set(path.size() - 1, CatalogSchema.targetName(table.name()));
    return Trees.as(new SqlIdentifier(path, SqlParserPos.ZERO), alias);
  }
}
