package org.treatydb.sql.plan;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.system.SystemViews;

/** Finds the schemas and tables that statements name. */
final class NamedTables {

  private NamedTables() {}

  /**
   * The schema that a table's name is in.
   *
   * @throws SqlFailure 3F000 if there is no such schema; 42501 if it is the system's
   */
  static SchemaDescriptor schema(Catalog catalog, SqlIdentifier table) {
    refuseSystem(table);
    String name = table.names.size() == 1 ? SchemaDescriptor.PUBLIC.name() : table.names.getFirst();
    SchemaDescriptor schema = table.names.size() > 2 ? null : catalog.schema(name);
    if (schema == null) {
      throw new SqlFailure(SqlState.INVALID_SCHEMA_NAME, "There is no schema \"" + name + "\".");
    }
    return schema;
  }

  private static void refuseSystem(SqlIdentifier table) {
    if (table.names.size() == 2 && isSystem(table.names.getFirst())) {
      throw new SqlFailure(
          SqlState.INSUFFICIENT_PRIVILEGE, "The schema \"" + table.names.getFirst() + "\" is the system's and cannot be changed.");
    }
  }

  static String name(SqlIdentifier table) {
    return table.names.getLast();
  }

  /** Whether a schema of this name is the system's. */
  static boolean isSystem(String schema) {
    return SystemViews.isSystem(schema);
  }

  /**
   * The table that a statement changes.
   *
   * @throws SqlFailure 42P01 if there is none of that name; 42809 if it is a view; 42501 if it is in the system's schema
   */
  static TableDescriptor table(Catalog catalog, SqlIdentifier name) {
    TableDescriptor table = tableOrNull(catalog, name);
    if (table == null) {
      throw noTable(name);
    }
    return table;
  }

  /** As {@link #table}, but null if there is none of that name. */
  static TableDescriptor tableOrNull(Catalog catalog, SqlIdentifier name) {
    SchemaDescriptor schema = schemaOrNull(catalog, name);
    if (schema != null && catalog.view(schema.id(), name(name)) != null) {
      throw new SqlFailure(SqlState.WRONG_OBJECT_TYPE, "\"" + name(name) + "\" is a view, not a table.");
    }
    return schema == null ? null : catalog.table(schema.id(), name(name));
  }

  static SqlFailure noTable(SqlIdentifier name) {
    return new SqlFailure(SqlState.UNDEFINED_TABLE, "There is no table \"" + String.join(".", name.names) + "\".");
  }

  /**
   * The view that a statement changes.
   *
   * @throws SqlFailure 42P01 if there is none of that name; 42809 if it is a table; 42501 if it is in the system's schema
   */
  static ViewDescriptor view(Catalog catalog, SqlIdentifier name) {
    ViewDescriptor view = viewOrNull(catalog, name);
    if (view != null) {
      return view;
    }
    if (tableOrNull(catalog, name) != null) {
      throw new SqlFailure(SqlState.WRONG_OBJECT_TYPE, "\"" + name(name) + "\" is a table, not a view.");
    }
    throw new SqlFailure(SqlState.UNDEFINED_TABLE, "There is no view \"" + String.join(".", name.names) + "\".");
  }

  /** The view of this name; null if there is none. */
  static ViewDescriptor viewOrNull(Catalog catalog, SqlIdentifier name) {
    SchemaDescriptor schema = schemaOrNull(catalog, name);
    return schema == null ? null : catalog.view(schema.id(), name(name));
  }

  static boolean hasSequence(Catalog catalog, SqlIdentifier name) {
    SchemaDescriptor schema = schemaOrNull(catalog, name);
    return schema != null && catalog.sequence(schema.id(), name(name)) != null;
  }

  static SqlIdentifier identifier(String... names) {
    return new SqlIdentifier(List.of(names), SqlParserPos.ZERO);
  }

  /**
   * The sequence of this name.
   *
   * @throws SqlFailure 42P01 if there is none
   */
  static SequenceDescriptor sequence(Catalog catalog, SqlIdentifier name) {
    SchemaDescriptor schema = schemaOrNull(catalog, name);
    SequenceDescriptor sequence = schema == null ? null : catalog.sequence(schema.id(), name(name));
    if (sequence == null) {
      throw new SqlFailure(SqlState.UNDEFINED_TABLE, "There is no sequence \"" + String.join(".", name.names) + "\".");
    }
    return sequence;
  }

  private static SchemaDescriptor schemaOrNull(Catalog catalog, SqlIdentifier name) {
    refuseSystem(name);
    return name.names.size() > 2 ? null
        : catalog.schema(name.names.size() == 1 ? SchemaDescriptor.PUBLIC.name() : name.names.getFirst());
  }

  /**
   * Checks that a new relation can have this name.
   *
   * @throws SqlFailure 42P07 if another has it
   */
  static void checkFree(Catalog catalog, int schemaId, String name) {
    if (catalog.hasRelation(schemaId, name)) {
      String kind = catalog.table(schemaId, name) != null ? "Table" : catalog.view(schemaId, name) != null ? "View"
          : catalog.sequence(schemaId, name) != null ? "Sequence" : "Index";
      throw new SqlFailure(SqlState.DUPLICATE_TABLE, kind + " \"" + name + "\" exists already.");
    }
  }

  /**
   * The position of the column that a statement names.
   *
   * @throws SqlFailure 42703 if there is none of that name
   */
  static int column(TableDescriptor table, SqlIdentifier name) {
    return column(table, name.names.getLast());
  }

  /** As above. */
  static int column(TableDescriptor table, String name) {
    int position = table.positionOf(name);
    if (position < 0) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" in table \"" + table.name() + "\".");
    }
    return position;
  }
}
