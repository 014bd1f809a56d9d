package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.TreatyParser;

/**
 * DROP COLUMN. The column's indexes and the constraints that mention it go with it; views and generated columns that need it are dropped
 * with CASCADE only. Rows are not rewritten.
 */
final class ColumnRemoval {

  private final Definition.Work work;
  private final TableDescriptor table;

  ColumnRemoval(Definition.Work work, TableDescriptor table) {
    this.work = work;
    this.table = table;
  }

  void drop(String name, boolean ifExists, boolean cascade) throws SQLException {
    if (ifExists && table.positionOf(name) < 0) {
      return;
    }
    ColumnDescriptor column = table.columns().get(NamedTables.column(table, name));
    if (table.primaryKey().stream().anyMatch(part -> part.columnId() == column.id())) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "Column \"" + name + "\" is in the primary key and cannot be dropped.");
    }
    if (table.columns().size() == 1) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION, "A table needs at least one column.");
    }
    dropViews(name, cascade);
    for (ColumnDescriptor other : table.columns()) {
      if (other.generatedSql() != null && Trees.mentions(TreatyParser.parseExpression(other.generatedSql()), name)) {
        refuse(name, "column \"" + other.name() + "\"", cascade);
        new ColumnRemoval(work, work.catalog().table(table.id())).drop(other.name(), true, true);
      }
    }
    TableDescriptor known = work.catalog().table(table.id());
    ForeignKeyConstraints.drop(work, known,
        known.constraints().foreignKeys().stream().filter(key -> key.columnIds().contains(column.id())).toList());
    ForeignKeyConstraints.dropReferring(
        work, table, List.of(), key -> key.parentColumnIds().contains(column.id()), "Column \"" + name + "\"", cascade);
    for (IndexDescriptor index : table.indexes()) {
      if (index.parts().stream().anyMatch(part -> part.columnId() == column.id()) || index.includedIds().contains(column.id())) {
        work.change((transaction, before) ->
            CatalogStore.dropIndex(transaction, before, before.table(table.id()), index.id()));
      }
    }
    TableDescriptor present = work.catalog().table(table.id());
    List<ColumnDescriptor> left = present.columns().stream().filter(other -> other.id() != column.id()).toList();
    TableDescriptor changed = withoutChecks(present.withColumns(left), name);
    work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
    if (column.source().isIdentity()) {
      SequenceDescriptor sequence = work.catalog().sequence(column.source().sequenceId());
      work.change((transaction, before) -> CatalogStore.dropSequence(transaction, before, sequence));
    }
  }

  private void dropViews(String name, boolean cascade) throws SQLException {
    for (ViewDescriptor view : work.catalog().viewsOf(table.schemaId(), table.name())) {
      if (Trees.mentions(TreatyParser.parseStatement(view.sql()), name)) {
        refuse(name, "view \"" + view.name() + "\"", cascade);
        DropDefinition.view(work, view);
      }
    }
  }

  private static void refuse(String name, String what, boolean cascade) {
    if (!cascade) {
      throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, "Column \"" + name + "\" is needed by " + what + "; CASCADE drops that, too.");
    }
  }

  private static TableDescriptor withoutChecks(TableDescriptor table, String column) throws SQLException {
    List<Check> checks = new ArrayList<>();
    for (Check check : table.constraints().checks()) {
      if (!Trees.mentions(TreatyParser.parseExpression(check.sql()), column)) {
        checks.add(check);
      }
    }
    return table.withConstraints(table.constraints().withChecks(checks));
  }
}
