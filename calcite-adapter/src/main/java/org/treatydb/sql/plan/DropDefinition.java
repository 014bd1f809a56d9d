package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.DropStatement;
import org.treatydb.sql.parser.DropTable;

/** DROP of tables, views and schemas, with what depends on them or not at all. */
final class DropDefinition {

  private final Definition.Work work;
  private final Set<TableDescriptor> tables = new LinkedHashSet<>();
  private final Set<ViewDescriptor> views = new LinkedHashSet<>();
  private final Set<SequenceDescriptor> sequences = new LinkedHashSet<>();

  private DropDefinition(Definition.Work work) {
    this.work = work;
  }

  static Definition plan(DropTable drop) {
    return work -> {
      DropDefinition dropping = new DropDefinition(work);
      for (SqlIdentifier name : drop.names()) {
        TableDescriptor table = NamedTables.tableOrNull(work.catalog(), name);
        if (table != null) {
          work.rights().drops(SecuredObject.relation(table.id()), table.schemaId());
          dropping.tables.add(table);
        } else if (!drop.ifExists()) {
          throw NamedTables.noTable(name);
        }
      }
      dropping.run(drop.cascade());
    };
  }

  static Definition plan(DropStatement drop) {
    return work -> {
      DropDefinition dropping = new DropDefinition(work);
      List<SchemaDescriptor> schemas = new ArrayList<>();
      for (SqlIdentifier name : drop.names()) {
        switch (drop.kind()) {
          case VIEW -> dropping.addView(name, drop.ifExists());
          case SCHEMA -> schemas.addAll(dropping.schema(name, drop.ifExists(), drop.cascade()));
          case SEQUENCE -> dropping.addSequence(name, drop.ifExists(), drop.cascade());
          case USER, ROLE -> RoleDefinition.drop(work, name, drop);
        }
      }
      dropping.run(drop.cascade());
      schemas.forEach(schema -> work.change((transaction, before) -> CatalogStore.dropSchema(transaction, before, schema)));
    };
  }

  /** Drops a view, and the views that need it. */
  static void view(Definition.Work work, ViewDescriptor view) {
    DropDefinition dropping = new DropDefinition(work);
    dropping.views.add(view);
    dropping.run(true);
  }

  private void addView(SqlIdentifier name, boolean ifExists) {
    ViewDescriptor view = NamedTables.viewOrNull(work.catalog(), name);
    if (view == null && ifExists && NamedTables.tableOrNull(work.catalog(), name) == null) {
      return;
    }
    ViewDescriptor named = NamedTables.view(work.catalog(), name);
    work.rights().drops(SecuredObject.relation(named.id()), named.schemaId());
    views.add(named);
  }

  private void addSequence(SqlIdentifier name, boolean ifExists, boolean cascade) {
    if (ifExists && !NamedTables.hasSequence(work.catalog(), name)) {
      return;
    }
    SequenceDescriptor sequence = NamedTables.sequence(work.catalog(), name);
    work.rights().drops(SecuredObject.sequence(sequence.id()), sequence.schemaId());
    if (sequence.owned()) {
      throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST,
          "Sequence \"" + sequence.name() + "\" belongs to an identity column; it is dropped with that.");
    }
    for (TableDescriptor table : work.catalog().tables()) {
      TableDescriptor without = table;
      for (ColumnDescriptor column : table.columns()) {
        if (takesFrom(column, sequence)) {
          if (!cascade) {
            throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, "Sequence \"" + sequence.name() + "\" is needed by column \""
                + column.name() + "\" of table \"" + table.name() + "\"; CASCADE drops that column's DEFAULT, too.");
          }
          without = without.withColumn(column.withSource(ColumnSource.NONE));
        }
      }
      TableDescriptor changed = without;
      if (changed != table) {
        work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
      }
    }
    sequences.add(sequence);
  }

  private boolean takesFrom(ColumnDescriptor column, SequenceDescriptor sequence) {
    if (column.defaultSql() == null) {
      return false;
    }
    boolean[] found = new boolean[1];
    try {
      Trees.defaultValue(column).accept(new SqlBasicVisitor<Void>() {
        @Override
        public Void visit(SqlCall call) {
          found[0] |= SequenceCalls.isCall(call)
              && sequence.equals(NamedTables.sequence(work.catalog(), SequenceCalls.name(call)));
          return super.visit(call);
        }
      });
    } catch (SQLException e) {
      throw new IllegalStateException("A DEFAULT does not parse", e);
    }
    return found[0];
  }

  /** The schema, if there is one, whose relations are taken over into those to drop. */
  private List<SchemaDescriptor> schema(SqlIdentifier name, boolean ifExists, boolean cascade) {
    Catalog catalog = work.catalog();
    String simple = name.names.getLast();
    SchemaDescriptor schema = name.isSimple() ? catalog.schema(simple) : null;
    if (NamedTables.isSystem(simple) || SchemaDescriptor.PUBLIC.equals(schema)) {
      throw new SqlFailure(SqlState.INSUFFICIENT_PRIVILEGE, "The schema \"" + simple + "\" cannot be dropped.");
    }
    if (schema == null) {
      if (ifExists) {
        return List.of();
      }
      throw new SqlFailure(SqlState.INVALID_SCHEMA_NAME, "There is no schema \"" + String.join(".", name.names) + "\".");
    }
    work.rights().owns(SecuredObject.schema(schema.id()));
    List<TableDescriptor> inside = catalog.tables().stream().filter(table -> table.schemaId() == schema.id()).toList();
    List<ViewDescriptor> viewsInside = catalog.views().stream().filter(view -> view.schemaId() == schema.id()).toList();
    List<SequenceDescriptor> free =
        catalog.sequences().stream().filter(sequence -> sequence.schemaId() == schema.id() && !sequence.owned()).toList();
    if (!cascade && !(inside.isEmpty() && viewsInside.isEmpty() && free.isEmpty())) {
      throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, "Schema \"" + simple + "\" is not empty; CASCADE drops what is in it, too.");
    }
    tables.addAll(inside);
    views.addAll(viewsInside);
    free.forEach(sequence -> addSequence(NamedTables.identifier(simple, sequence.name()), false, true));
    return List.of(schema);
  }

  private void run(boolean cascade) {
    Catalog catalog = work.catalog();
    Deque<ViewDescriptor> open = new ArrayDeque<>();
    for (TableDescriptor table : tables) {
      needed("Table", table.schemaId(), table.name(), cascade, open);
    }
    List<Integer> dropped = tables.stream().map(TableDescriptor::id).toList();
    for (TableDescriptor table : tables) {
      ForeignKeyConstraints.dropReferring(work, table, dropped, _ -> true, "Table \"" + table.name() + "\"", cascade);
    }
    for (ViewDescriptor view : List.copyOf(views)) {
      needed("View", view.schemaId(), view.name(), cascade, open);
    }
    while (!open.isEmpty()) {
      ViewDescriptor view = open.poll();
      views.add(view);
      open.addAll(catalog.viewsOf(view.schemaId(), view.name()).stream().filter(above -> !views.contains(above)).toList());
    }
    views.forEach(view -> work.change((transaction, before) -> CatalogStore.dropView(transaction, before, view)));
    for (TableDescriptor listed : tables) {
      TableDescriptor table = work.catalog().table(listed.id());
      table.columns().stream().filter(column -> column.source().isIdentity())
          .forEach(column -> sequences.add(catalog.sequence(column.source().sequenceId())));
      work.change((transaction, before) -> CatalogStore.dropTable(transaction, before, table));
    }
    sequences.forEach(sequence -> work.change((transaction, before) -> CatalogStore.dropSequence(transaction, before, sequence)));
  }

  /** Adds the views that need a relation to {@code open}, or fails. */
  private void needed(String kind, int schemaId, String name, boolean cascade, Deque<ViewDescriptor> open) {
    for (ViewDescriptor above : work.catalog().viewsOf(schemaId, name)) {
      if (!views.contains(above)) {
        if (!cascade) {
          throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, kind + " \"" + name + "\" is needed by view \"" + above.name()
              + "\"; CASCADE drops that, too.");
        }
        open.add(above);
      }
    }
  }
}
