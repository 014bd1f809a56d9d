package org.treatydb.jdbc.meta;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlPrivilege;
import org.treatydb.sql.api.SqlTable;

/** Who may do what, as JDBC's metadata calls show it. There are no privileges on columns of their own: a table's hold for all of them. */
final class PrivilegeResults {

  private static final Set<String> OF_COLUMNS = Set.of("SELECT", "INSERT", "UPDATE", "REFERENCES");

  private PrivilegeResults() {}

  static MetadataResult ofTables(List<SqlPrivilege> privileges, String schemaPattern, String tablePattern) {
    MetadataResult result =
        new MetadataResult().texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE");
    Predicate<String> schema = LikePattern.of(schemaPattern);
    Predicate<String> table = LikePattern.of(tablePattern);
    privileges.stream().filter(each -> schema.test(each.schema()) && table.test(each.table())).sorted(order()).forEach(
        each -> result.add(
            null, each.schema(), each.table(), each.grantor(), each.grantee(), each.privilege(), each.isGrantable() ? "YES" : "NO"));
    return result;
  }

  private static Comparator<SqlPrivilege> order() {
    return Comparator.comparing(SqlPrivilege::schema).thenComparing(SqlPrivilege::table).thenComparing(SqlPrivilege::privilege)
        .thenComparing(SqlPrivilege::grantee);
  }

  /** Of the columns of one table, by name; the schema may be null. */
  static MetadataResult ofColumns(
      List<SqlPrivilege> privileges, List<SqlTable> tables, String schema, String table, String columnPattern) {
    MetadataResult result = new MetadataResult()
        .texts("TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "COLUMN_NAME", "GRANTOR", "GRANTEE", "PRIVILEGE", "IS_GRANTABLE");
    Predicate<String> wanted = LikePattern.of(columnPattern);
    for (SqlTable each : tables) {
      if (each.name().equals(table) && (schema == null || each.schema().equals(schema))) {
        List<SqlPrivilege> granted = privileges.stream().filter(privilege -> privilege.schema().equals(each.schema())
            && privilege.table().equals(table) && OF_COLUMNS.contains(privilege.privilege())).sorted(order()).toList();
        each.columns().stream().map(SqlColumn::name).filter(wanted).sorted().forEach(column -> granted.forEach(
            privilege -> result.add(null, each.schema(), table, column, privilege.grantor(), privilege.grantee(), privilege.privilege(),
                privilege.isGrantable() ? "YES" : "NO")));
      }
    }
    return result;
  }
}
