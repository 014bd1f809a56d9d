package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CommentStatement;
import org.treatydb.sql.parser.CreateSchema;
import org.treatydb.sql.parser.TruncateTable;

/** CREATE SCHEMA, TRUNCATE, COMMENT ON. */
final class SchemaDefinition {

  private SchemaDefinition() {}

  static Definition plan(CreateSchema create) {
    return work -> {
      work.rights().administers("create schemas");
      boolean exists = NamedTables.isSystem(create.name()) || work.catalog().schema(create.name()) != null;
      if (!exists) {
        work.change((transaction, before) -> CatalogStore.createSchema(transaction, before, create.name()));
      } else if (!create.ifNotExists()) {
        throw new SqlFailure(SqlState.DUPLICATE_SCHEMA, "Schema \"" + create.name() + "\" exists already.");
      }
    };
  }

  static Definition plan(TruncateTable truncate) {
    return work -> {
      List<TableDescriptor> named = new ArrayList<>();
      for (SqlIdentifier name : truncate.names()) {
        named.add(NamedTables.table(work.catalog(), name));
      }
      for (int tableId : ForeignKeyConstraints.truncated(work.catalog(), named, truncate.cascade())) {
        TableDescriptor listed = work.catalog().table(tableId);
        work.rights().may(listed, Privilege.TRUNCATE);
        if (truncate.restartsIdentity()) {
          work.rights().owns(SecuredObject.relation(tableId));
        }
        TableDescriptor table = truncate.restartsIdentity() ? restarted(work, listed) : listed;
        work.change((transaction, before) -> CatalogStore.truncateTable(transaction, before, table));
      }
    };
  }

  /** The table with new sequences in place of those of its identity columns. */
  private static TableDescriptor restarted(Definition.Work work, TableDescriptor table) {
    TableDescriptor changed = table;
    for (ColumnDescriptor column : table.columns()) {
      if (column.source().isIdentity()) {
        SequenceDescriptor used = work.catalog().sequence(column.source().sequenceId());
        boolean always = column.source().kind() == ColumnSource.Kind.IDENTITY_ALWAYS;
        changed = changed.withColumn(column.withSource(ColumnSource.identity(always, SequenceDefinition.restart(work, used))));
      }
    }
    return changed;
  }

  static Definition plan(CommentStatement comment) {
    return switch (comment.kind()) {
      case TABLE -> work -> {
        TableDescriptor table = NamedTables.table(work.catalog(), comment.name()).withComment(comment.comment());
        work.rights().owns(SecuredObject.relation(table.id()));
        work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, table));
      };
      case VIEW -> work -> {
        ViewDescriptor view = NamedTables.view(work.catalog(), comment.name()).withComment(comment.comment());
        work.rights().owns(SecuredObject.relation(view.id()));
        work.change((transaction, before) -> CatalogStore.alterView(transaction, before, view));
      };
      case COLUMN -> work -> commentColumn(work, comment);
    };
  }

  private static void commentColumn(Definition.Work work, CommentStatement comment) {
    List<String> path = comment.name().names;
    if (path.size() < 2) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "COMMENT ON COLUMN needs the table's name, too: table.column.");
    }
    SqlIdentifier relation = comment.name().skipLast(1);
    Catalog catalog = work.catalog();
    ViewDescriptor view = NamedTables.viewOrNull(catalog, relation);
    if (view != null) {
      work.rights().owns(SecuredObject.relation(view.id()));
      ViewDescriptor changed = new ViewDescriptor(view.id(), view.schemaId(), view.name(), view.sql(),
          commented(view.columns(), path.getLast(), view.name(), comment.comment()), view.dependencies(), view.comment());
      work.change((transaction, before) -> CatalogStore.alterView(transaction, before, changed));
      return;
    }
    TableDescriptor table = NamedTables.table(catalog, relation);
    work.rights().owns(SecuredObject.relation(table.id()));
    TableDescriptor changed = table.withColumns(commented(table.columns(), path.getLast(), table.name(), comment.comment()));
    work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
  }

  private static List<ColumnDescriptor> commented(List<ColumnDescriptor> columns, String name, String relation, String comment) {
    List<ColumnDescriptor> changed = new ArrayList<>();
    boolean found = false;
    for (ColumnDescriptor column : columns) {
      boolean wanted = column.name().equals(name);
      found |= wanted;
      changed.add(wanted ? column.withComment(comment) : column);
    }
    if (!found) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" in \"" + relation + "\".");
    }
    return changed;
  }
}
