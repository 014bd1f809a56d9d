package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Partitioning;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.ForeignKeys;
import org.treatydb.sql.exec.InsertRows;
import org.treatydb.sql.exec.RowRules;
import org.treatydb.sql.exec.RowSource;
import org.treatydb.sql.parser.CreateTableAs;

/** CREATE TABLE … AS. */
final class TableCopy {

  private TableCopy() {}

  static Plan plan(CreateTableAs create, Catalog catalog, QueryPlanner queries, int defaultBuckets) throws SQLException {
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    QueryPlanner.Converted query = queries.convert(create.query());
    List<ColumnDescriptor> columns = ViewDefinition.columns(query, create.columns());
    TableDefinition.checkCount(columns.size());
    Partitioning partitioning = defaultBuckets == 1 ? Partitioning.NONE : new Partitioning(defaultBuckets, List.of());
    TableDescriptor draft = new TableDescriptor(
        0, schemaId, NamedTables.name(create.name()), columns, List.of(), columns.size() + 1, partitioning);
    CompiledQuery rows = create.withData() ? QueryPlanner.compile(QueryPlanner.assigned(query, columns), false) : null;
    RowRules rules = new RulesPlanner(draft, queries).plan();
    return new Plan.Define(work -> define(work, draft, rows, rules, create.ifNotExists()), queries.parameters());
  }

  private static void define(Definition.Work work, TableDescriptor draft, CompiledQuery rows, RowRules rules, boolean ifNotExists)
      throws SQLException {
    work.rights().creates(draft.schemaId());
    if (ifNotExists && work.catalog().hasRelation(draft.schemaId(), draft.name())) {
      return;
    }
    NamedTables.checkFree(work.catalog(), draft.schemaId(), draft.name());
    work.change((transaction, before) -> CatalogStore.createTable(transaction, before, draft));
    TableDescriptor table = work.catalog().table(draft.schemaId(), draft.name());
    work.own(SecuredObject.relation(table.id()));
    if (rows != null) {
      int[] all = IntStream.range(0, table.columns().size()).toArray();
      new InsertRows(new TableLayout(table), new RowSource.OfQuery(rows, all, all.length), null, rules, ForeignKeys.NONE).run(work.input());
    }
  }
}
