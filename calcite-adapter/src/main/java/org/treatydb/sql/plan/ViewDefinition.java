package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor.Dependency;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CreateView;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.type.ColumnType;

/** CREATE VIEW. */
final class ViewDefinition {

  private ViewDefinition() {}

  static Definition plan(CreateView create, Catalog catalog, QueryPlanner queries) throws SQLException {
    refuseParameters(create.query());
    if (SequenceCalls.isIn(create.query())) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A view cannot take numbers of a sequence.");
    }
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    String name = NamedTables.name(create.name());
    QueryPlanner.Converted query = queries.convert(create.query());
    List<ColumnDescriptor> columns = columns(query, create.columns());
    ViewDescriptor draft = new ViewDescriptor(0, schemaId, name, TreatyParser.toSql(query.validated()), columns,
        dependencies(catalog, queries.tables()), null);
    return work -> define(work, draft, create.replaces());
  }

  private static void refuseParameters(SqlNode query) {
    query.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlDynamicParam parameter) {
        throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A view cannot have parameters.");
      }
    });
  }

  /** The columns of a query's result; their names are unique. */
  static List<ColumnDescriptor> columns(QueryPlanner.Converted query, List<String> names) throws SQLException {
    List<RelDataTypeField> fields = query.rowType().getFieldList();
    if (names != null && names.size() > fields.size()) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, names.size() + " columns are named, but the query gives " + fields.size() + ".");
    }
    List<ColumnDescriptor> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (RelDataTypeField field : fields) {
      int position = columns.size();
      String name = names != null && position < names.size() ? names.get(position) : field.getName();
      if (!seen.add(name)) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice.");
      }
      columns.add(new ColumnDescriptor(position + 1, name, ColumnType.of(field.getType()), true, null));
    }
    return columns;
  }

  private static List<Dependency> dependencies(Catalog catalog, Set<List<String>> tables) {
    List<Dependency> dependencies = new ArrayList<>();
    for (List<String> path : tables) {
      SchemaDescriptor schema = path.size() == 2 ? catalog.schema(path.getFirst()) : null;
      if (schema != null) {
        dependencies.add(new Dependency(schema.id(), path.getLast()));
      }
    }
    return dependencies;
  }

  private static void define(Definition.Work work, ViewDescriptor draft, boolean replace) {
    work.rights().creates(draft.schemaId());
    Catalog catalog = work.catalog();
    ViewDescriptor present = catalog.view(draft.schemaId(), draft.name());
    if (present == null || !replace) {
      NamedTables.checkFree(catalog, draft.schemaId(), draft.name());
      work.change((transaction, before) -> CatalogStore.createView(transaction, before, draft));
      work.own(SecuredObject.relation(work.catalog().view(draft.schemaId(), draft.name()).id()));
      return;
    }
    work.rights().owns(SecuredObject.relation(present.id()));
    checkColumns(present, draft);
    if (reaches(catalog, draft)) {
      throw new SqlFailure(SqlState.INVALID_OBJECT_DEFINITION, "View \"" + draft.name() + "\" would be made of itself.");
    }
    ViewDescriptor changed = new ViewDescriptor(
        present.id(), draft.schemaId(), draft.name(), draft.sql(), draft.columns(), draft.dependencies(), present.comment());
    work.change((transaction, before) -> CatalogStore.alterView(transaction, before, changed));
  }

  /** Other views may use the columns that are there, so they stay; new ones may follow. */
  private static void checkColumns(ViewDescriptor present, ViewDescriptor draft) {
    for (int i = 0; i < present.columns().size(); i++) {
      ColumnDescriptor before = present.columns().get(i);
      ColumnDescriptor after = i < draft.columns().size() ? draft.columns().get(i) : null;
      if (after == null || !after.name().equals(before.name()) || !after.type().equals(before.type())) {
        throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION,
            "CREATE OR REPLACE VIEW must keep the columns of \"" + present.name() + "\" and their types; \"" + before.name()
                + "\" is missing or changed.");
      }
    }
  }

  private static boolean reaches(Catalog catalog, ViewDescriptor draft) {
    Dependency itself = new Dependency(draft.schemaId(), draft.name());
    Set<Dependency> seen = new HashSet<>();
    Deque<Dependency> open = new ArrayDeque<>(draft.dependencies());
    while (!open.isEmpty()) {
      Dependency next = open.poll();
      ViewDescriptor view = catalog.view(next.schemaId(), next.name());
      if (next.equals(itself)) {
        return true;
      } else if (view != null && seen.add(next)) {
        open.addAll(view.dependencies());
      }
    }
    return false;
  }
}
