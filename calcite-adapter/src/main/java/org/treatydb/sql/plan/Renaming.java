package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlShuttle;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.TreatyParser;

/** RENAME of a table or a column. The table's own expressions follow; what views name keeps its name. */
final class Renaming {

  private final Definition.Work work;
  private final TableDescriptor table;

  Renaming(Definition.Work work, TableDescriptor table) {
    this.work = work;
    this.table = table;
  }

  void table(String name) throws SQLException {
    for (ViewDescriptor view : work.catalog().viewsOf(table.schemaId(), table.name())) {
      throw needed("Table", table.name(), view);
    }
    NamedTables.checkFree(work.catalog(), table.schemaId(), name);
    put(rewritten(table, new SqlShuttle() {
      @Override
      public SqlNode visit(SqlIdentifier identifier) {
        return identifier.names.size() == 2 && identifier.names.getFirst().equals(table.name())
            ? identifier.setName(0, name) : identifier;
      }
    }).withName(name));
  }

  void column(String before, String after) throws SQLException {
    ColumnDescriptor column = table.columns().get(NamedTables.column(table, before));
    if (table.positionOf(after) >= 0) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Table \"" + table.name() + "\" has a column \"" + after + "\" already.");
    }
    for (ViewDescriptor view : work.catalog().viewsOf(table.schemaId(), table.name())) {
      if (Trees.mentions(TreatyParser.parseStatement(view.sql()), before)) {
        throw needed("Column", before, view);
      }
    }
    put(rewritten(table.withColumn(column.withName(after)), new SqlShuttle() {
      @Override
      public SqlNode visit(SqlIdentifier identifier) {
        int last = identifier.names.size() - 1;
        return !identifier.isStar() && identifier.names.get(last).equals(before) ? identifier.setName(last, after) : identifier;
      }
    }));
  }

  private static SqlFailure needed(String kind, String name, ViewDescriptor view) {
    return new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST,
        kind + " \"" + name + "\" cannot be renamed, because view \"" + view.name() + "\" needs it.");
  }

  private void put(TableDescriptor changed) {
    work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
  }

  private static TableDescriptor rewritten(TableDescriptor table, SqlShuttle names) throws SQLException {
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (ColumnDescriptor column : table.columns()) {
      columns.add(column.generatedSql() == null ? column
          : column.withSource(ColumnSource.generated(rewritten(column.generatedSql(), names))));
    }
    List<Check> checks = new ArrayList<>();
    for (Check check : table.constraints().checks()) {
      checks.add(new Check(check.name(), rewritten(check.sql(), names)));
    }
    return table.withColumns(columns).withConstraints(table.constraints().withChecks(checks));
  }

  private static String rewritten(String sql, SqlShuttle names) throws SQLException {
    return TreatyParser.toSql(TreatyParser.parseExpression(sql).accept(names));
  }
}
