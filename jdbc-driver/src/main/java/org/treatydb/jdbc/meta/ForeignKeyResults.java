package org.treatydb.jdbc.meta;

import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.treatydb.sql.api.SqlForeignKey;
import org.treatydb.sql.api.SqlTable;

/** The foreign keys of a session's tables, as JDBC's metadata calls show them (JDBC 4.3, {@link DatabaseMetaData}). Schemas may be null. */
final class ForeignKeyResults {

  private ForeignKeyResults() {}

  /** A foreign key and the table that has it. */
  private record Found(SqlTable table, SqlForeignKey key) {

    String parentSchema() {
      return key.parentSchema();
    }

    String parent() {
      return key.parentTable();
    }

    String schema() {
      return table.schema();
    }

    String child() {
      return table.name();
    }

    String name() {
      return key.name();
    }

    boolean isIn(String schema, String name) {
      return child().equals(name) && (schema == null || schema().equals(schema));
    }

    boolean refersTo(String schema, String name) {
      return parent().equals(name) && (schema == null || parentSchema().equals(schema));
    }
  }

  /** The foreign keys of one table, by what they refer to. */
  static MetadataResult imported(List<SqlTable> tables, String schema, String name) {
    return result(tables, found -> found.isIn(schema, name),
        Comparator.comparing(Found::parentSchema).thenComparing(Found::parent).thenComparing(Found::name));
  }

  /** The foreign keys that refer to one table, by who has them. */
  static MetadataResult exported(List<SqlTable> tables, String schema, String name) {
    return result(tables, found -> found.refersTo(schema, name), byChild());
  }

  /** The foreign keys of one table that refer to another. */
  static MetadataResult between(List<SqlTable> tables, String parentSchema, String parent, String schema, String name) {
    return result(tables, found -> found.refersTo(parentSchema, parent) && found.isIn(schema, name), byChild());
  }

  private static Comparator<Found> byChild() {
    return Comparator.comparing(Found::schema).thenComparing(Found::child).thenComparing(Found::name);
  }

  private static MetadataResult result(List<SqlTable> tables, Predicate<Found> wanted, Comparator<Found> order) {
    MetadataResult result = new MetadataResult()
        .texts("PKTABLE_CAT", "PKTABLE_SCHEM", "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_CAT", "FKTABLE_SCHEM", "FKTABLE_NAME",
            "FKCOLUMN_NAME")
        .smallints("KEY_SEQ", "UPDATE_RULE", "DELETE_RULE").texts("FK_NAME", "PK_NAME").smallints("DEFERRABILITY");
    List<Found> all = new ArrayList<>();
    tables.forEach(table -> table.foreignKeys().forEach(key -> all.add(new Found(table, key))));
    all.stream().filter(wanted).sorted(order).forEach(found -> add(result, found));
    return result;
  }

  private static void add(MetadataResult result, Found found) {
    SqlForeignKey key = found.key;
    for (int i = 0; i < key.columns().size(); i++) {
      result.add(null, key.parentSchema(), key.parentTable(), key.parentColumns().get(i), null, found.schema(), found.child(),
          key.columns().get(i), (short) (i + 1), (short) key.onUpdate().ordinal(), (short) key.onDelete().ordinal(), key.name(),
          key.parentKey(), (short) DatabaseMetaData.importedKeyNotDeferrable);
    }
  }
}
