package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexDescriptor.State;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CreateIndex;
import org.treatydb.sql.parser.DropIndex;
import org.treatydb.sql.parser.UniqueConstraint;

/** Checks what CREATE INDEX, DROP INDEX and UNIQUE constraints say, and makes descriptors of it. */
final class IndexDefinition {

  private IndexDefinition() {}

  static Plan plan(CreateIndex create, Catalog catalog) {
    TableDescriptor table = NamedTables.table(catalog, create.table());
    if (create.name().names.size() > 1 && NamedTables.schema(catalog, create.name()).id() != table.schemaId()) {
      throw new SqlFailure(SqlState.INVALID_OBJECT_DEFINITION,
          "An index is in the schema of its table, which is \"" + catalog.schemaName(table) + "\".");
    }
    List<KeyPart> parts = new ArrayList<>();
    for (CreateIndex.Part part : create.parts()) {
      parts.add(new KeyPart(columnId(table.columns(), part.column(), ids(parts), "the index"), part.descending()));
    }
    List<Integer> included = new ArrayList<>();
    for (String column : create.included()) {
      List<Integer> before = ids(parts);
      before.addAll(included);
      included.add(columnId(table.columns(), column, before, "the index"));
    }
    checkCount(parts);
    String name = NamedTables.name(create.name());
    IndexDescriptor draft = new IndexDescriptor(0, name, create.unique(), false, parts, included, State.BUILDING);
    return new Plan.CreateIndex(table, draft, create.ifNotExists());
  }

  static Plan plan(DropIndex drop, Catalog catalog) {
    ImmutableList.Builder<Plan.DropIndex.Name> names = ImmutableList.builder();
    for (SqlIdentifier name : drop.names()) {
      names.add(new Plan.DropIndex.Name(NamedTables.schema(catalog, name).id(), NamedTables.name(name)));
    }
    return new Plan.DropIndex(names.build(), drop.ifExists());
  }

  /** {@code table}, which is new, with the unique indexes that these constraints ask for. */
  static TableDescriptor withUnique(TableDescriptor table, List<UniqueConstraint> constraints, Catalog catalog) {
    TableDescriptor result = table;
    for (UniqueConstraint constraint : constraints) {
      result = result.withIndex(unique(result, constraint, catalog).withState(State.READY));
    }
    return result;
  }

  /** The unique index that a constraint asks for, still to be built. */
  static IndexDescriptor unique(TableDescriptor table, UniqueConstraint constraint, Catalog catalog) {
    List<KeyPart> parts = new ArrayList<>();
    for (String column : constraint.columns()) {
      parts.add(new KeyPart(columnId(table.columns(), column, ids(parts), "the unique constraint"), false));
    }
    checkCount(parts);
    String name = constraint.name() != null ? constraint.name() : freeName(table, constraint.columns(), catalog);
    if (isTaken(table, name, catalog)) {
      throw new SqlFailure(SqlState.DUPLICATE_TABLE, "There is a table or index \"" + name + "\" already.");
    }
    return new IndexDescriptor(0, name, true, true, parts, List.of(), State.BUILDING);
  }

  private static boolean isTaken(TableDescriptor table, String name, Catalog catalog) {
    return name.equals(table.name()) || table.index(name) != null || catalog.hasRelation(table.schemaId(), name);
  }

  private static String freeName(TableDescriptor table, List<String> columns, Catalog catalog) {
    String base = table.name() + "_" + String.join("_", columns) + "_key";
    String name = base;
    for (int i = 1; isTaken(table, name, catalog); i++) {
      name = base + i;
    }
    return name;
  }

  private static List<Integer> ids(List<KeyPart> parts) {
    return new ArrayList<>(parts.stream().map(KeyPart::columnId).toList());
  }

  private static int columnId(List<ColumnDescriptor> columns, String name, List<Integer> before, String where) {
    ColumnDescriptor column = columns.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElse(null);
    if (column == null) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" for " + where + ".");
    }
    if (before.contains(column.id())) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice in " + where + ".");
    }
    return column.id();
  }

  private static void checkCount(List<KeyPart> parts) {
    if (parts.size() > IndexDescriptor.COLUMNS_MAX) {
      throw new SqlFailure(
          SqlState.TOO_MANY_COLUMNS, "An index has at most " + IndexDescriptor.COLUMNS_MAX + " columns, not " + parts.size() + ".");
    }
  }
}
