package org.treatydb.sql.plan;

import org.apache.calcite.sql.SqlIdentifier;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
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
    if (table.names.size() == 2 && table.names.getFirst().equals(SystemViews.SCHEMA)) {
      throw new SqlFailure(
          SqlState.INSUFFICIENT_PRIVILEGE, "The schema \"" + SystemViews.SCHEMA + "\" is the system's and cannot be changed.");
    }
  }

  static String name(SqlIdentifier table) {
    return table.names.getLast();
  }

  /**
   * The table that a statement changes.
   *
   * @throws SqlFailure 42P01 if there is none of that name; 42501 if it is in the system's schema
   */
  static TableDescriptor table(Catalog catalog, SqlIdentifier name) {
    refuseSystem(name);
    SchemaDescriptor schema = name.names.size() > 2 ? null
        : catalog.schema(name.names.size() == 1 ? SchemaDescriptor.PUBLIC.name() : name.names.getFirst());
    TableDescriptor table = schema == null ? null : catalog.table(schema.id(), name(name));
    if (table == null) {
      throw new SqlFailure(SqlState.UNDEFINED_TABLE, "There is no table \"" + String.join(".", name.names) + "\".");
    }
    return table;
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
