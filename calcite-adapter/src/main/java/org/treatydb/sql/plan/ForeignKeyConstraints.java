package org.treatydb.sql.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints.Action;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.Reference;
import org.treatydb.sql.parser.ForeignKeyDefinition;

/** Checks the definitions of foreign keys, and what depends on the keys that they refer to. */
final class ForeignKeyConstraints {

  private ForeignKeyConstraints() {}

  /** {@code table}, which may be new, with one more foreign key, if who has {@code rights} may refer to the other table. */
  static TableDescriptor with(TableDescriptor table, ForeignKeyDefinition definition, Catalog catalog, Rights rights) {
    boolean toItself = NamedTables.name(definition.parent()).equals(table.name())
        && NamedTables.schema(catalog, definition.parent()).id() == table.schemaId();
    TableDescriptor parent = toItself ? table : NamedTables.table(catalog, definition.parent());
    if (!toItself) {
      rights.may(parent, Privilege.REFERENCES);
    }
    List<Integer> columnIds = ids(table, definition.columns());
    List<Integer> parentIds = parentIds(parent, definition);
    if (columnIds.size() != parentIds.size()) {
      throw new SqlFailure(SqlState.INVALID_FOREIGN_KEY, "A foreign key has " + columnIds.size() + " columns, but refers to "
          + parentIds.size() + " of table \"" + parent.name() + "\".");
    }
    if (!parent.isPrimaryKey(parentIds) && parent.uniqueConstraint(parentIds) == null) {
      throw new SqlFailure(SqlState.INVALID_FOREIGN_KEY, "Table \"" + parent.name() + "\" has no primary key and no UNIQUE constraint of ("
          + String.join(", ", parent.columnNames(parentIds)) + ").");
    }
    for (int i = 0; i < columnIds.size(); i++) {
      checkTypes(column(table, columnIds.get(i)), column(parent, parentIds.get(i)));
    }
    String base = table.name() + "_" + String.join("_", definition.columns()) + "_fkey";
    ForeignKey key = new ForeignKey(ConstraintPlanner.name(table, definition.name(), base), columnIds, parent.id(), parentIds,
        Action.valueOf(definition.onDelete().name()), Action.valueOf(definition.onUpdate().name()));
    checkAssignable(table, key);
    List<ForeignKey> more = new ArrayList<>(table.constraints().foreignKeys());
    more.add(key);
    return table.withConstraints(table.constraints().withForeignKeys(more));
  }

  private static List<Integer> parentIds(TableDescriptor parent, ForeignKeyDefinition definition) {
    if (definition.parentColumns() != null) {
      return ids(parent, definition.parentColumns());
    }
    if (parent.hasRowId()) {
      throw new SqlFailure(SqlState.UNDEFINED_OBJECT, "Table \"" + parent.name() + "\" has no primary key to refer to.");
    }
    return parent.primaryKey().stream().map(TableDescriptor.KeyPart::columnId).toList();
  }

  private static List<Integer> ids(TableDescriptor table, List<String> names) {
    List<Integer> ids = new ArrayList<>();
    for (String name : names) {
      int id = table.columns().get(NamedTables.column(table, name)).id();
      if (ids.contains(id)) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice in the foreign key.");
      }
      ids.add(id);
    }
    return ids;
  }

  private static ColumnDescriptor column(TableDescriptor table, Integer id) {
    return table.columns().get(table.positionOf(id));
  }

  private static void checkTypes(ColumnDescriptor column, ColumnDescriptor parent) {
    if (!Reference.isPossible(column.type(), parent.type())) {
      throw new SqlFailure(SqlState.TYPE_MISMATCH, "Column \"" + column.name() + "\" of type " + column.type()
          + " cannot refer to column \"" + parent.name() + "\" of type " + parent.type() + ".");
    }
  }

  /** Actions cannot write generated columns. */
  private static void checkAssignable(TableDescriptor table, ForeignKey key) {
    boolean generated = key.columnIds().stream().anyMatch(id -> column(table, id).generatedSql() != null);
    boolean deletes = key.onDelete() == Action.SET_NULL || key.onDelete() == Action.SET_DEFAULT;
    boolean updates = key.onUpdate() != Action.NO_ACTION && key.onUpdate() != Action.RESTRICT;
    if (generated && (deletes || updates)) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "A foreign key with a generated column can have no action that gives it a value.");
    }
  }

  /**
   * Takes away the foreign keys that refer to a table and of which {@code affected} says that they cannot be kept.
   *
   * @param without tables whose foreign keys go by themselves
   * @param what what is to be dropped, for the message
   * @throws SqlFailure 2BP01 if there are such and {@code cascade} does not say that they go, too
   */
  static void dropReferring(Definition.Work work, TableDescriptor parent, Collection<Integer> without, Predicate<ForeignKey> affected,
      String what, boolean cascade) {
    for (TableDescriptor child : work.catalog().referringTo(parent.id())) {
      List<ForeignKey> gone = without.contains(child.id()) ? List.of()
          : child.constraints().foreignKeys().stream().filter(key -> key.parentId() == parent.id() && affected.test(key)).toList();
      if (!gone.isEmpty() && !cascade) {
        throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, what + " is needed by foreign key constraint \"" + gone.getFirst().name()
            + "\" of table \"" + child.name() + "\"; CASCADE drops that, too.");
      }
      drop(work, child, gone);
    }
  }

  /** Takes some of its foreign keys away from a table. */
  static void drop(Definition.Work work, TableDescriptor table, List<ForeignKey> gone) {
    if (!gone.isEmpty()) {
      List<ForeignKey> left = table.constraints().foreignKeys().stream().filter(key -> !gone.contains(key)).toList();
      TableDescriptor changed = table.withConstraints(table.constraints().withForeignKeys(left));
      work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
    }
  }

  /**
   * The tables that TRUNCATE of some empties: these, and with CASCADE those that refer to them.
   *
   * @throws SqlFailure 2BP01 if others refer to them, without CASCADE
   */
  static Set<Integer> truncated(Catalog catalog, Collection<TableDescriptor> named, boolean cascade) {
    Set<Integer> tables = new LinkedHashSet<>();
    named.forEach(table -> tables.add(table.id()));
    Deque<Integer> open = new ArrayDeque<>(tables);
    while (!open.isEmpty()) {
      TableDescriptor parent = catalog.table(open.poll());
      for (TableDescriptor child : catalog.referringTo(parent.id())) {
        if (!cascade && !tables.contains(child.id())) {
          throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, "Table \"" + parent.name() + "\" cannot be emptied, because table \""
              + child.name() + "\" refers to it; name both, or CASCADE, which empties that, too.");
        }
        if (tables.add(child.id())) {
          open.add(child.id());
        }
      }
    }
    return tables;
  }
}
