package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.BOOLEAN;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.treatydb.sql.api.SqlPrivilege;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ObjectAccess;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.RoleDescriptor;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;

/**
 * {@code sys.roles}: a row for each user and role. {@code sys.privileges}: a row for each privilege that somebody has on what the reader
 * may list, the owner's included. {@code information_schema.table_privileges}: the same of tables and views, as the standard wants it.
 */
final class AccessViews {

  private AccessViews() {}

  static SystemView roles() {
    return new SystemView("roles", new SystemViews.Columns()
        .add("role_name", VARCHAR, false)
        .add("can_login", BOOLEAN, false)
        .add("is_superuser", BOOLEAN, false)
        .add("member_of", VARCHAR, true)
        .list(), (catalog, nowMillis) -> roles(catalog.authorization())).forEverybody();
  }

  private static List<Object[]> roles(Authorization authorization) {
    List<Object[]> rows = new ArrayList<>();
    for (RoleDescriptor role : authorization.roles()) {
      String memberOf = role.memberOf().stream().map(authorization::name).sorted().collect(Collectors.joining(", "));
      rows.add(new Object[] {role.name(), role.login(), role.superuser(), memberOf.isEmpty() ? null : memberOf});
    }
    return rows;
  }

  static SystemView privileges() {
    return new SystemView("privileges", new SystemViews.Columns()
        .add("object_kind", VARCHAR, false)
        .add("schema_name", VARCHAR, false)
        .add("object_name", VARCHAR, true)
        .add("owner", VARCHAR, false)
        .add("grantee", VARCHAR, false)
        .add("privilege", VARCHAR, false)
        .list(), (catalog, nowMillis) -> privileges(catalog)).forEverybody();
  }

  private static List<Object[]> privileges(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (SchemaDescriptor schema : catalog.schemas()) {
      add(rows, catalog, "SCHEMA", schema.name(), null, SecuredObject.schema(schema.id()));
    }
    for (TableDescriptor table : catalog.tables()) {
      add(rows, catalog, "TABLE", catalog.schemaName(table), table.name(), SecuredObject.relation(table.id()));
    }
    for (ViewDescriptor view : catalog.views()) {
      add(rows, catalog, "VIEW", catalog.schemaName(view.schemaId()), view.name(), SecuredObject.relation(view.id()));
    }
    for (SequenceDescriptor sequence : catalog.sequences()) {
      add(rows, catalog, "SEQUENCE", catalog.schemaName(sequence.schemaId()), sequence.name(), SecuredObject.sequence(sequence.id()));
    }
    return rows;
  }

  private static void add(List<Object[]> rows, Catalog catalog, String kind, String schema, String name, SecuredObject object) {
    Authorization authorization = catalog.authorization();
    ObjectAccess access = authorization.access(object);
    String owner = authorization.name(access.owner());
    for (Privilege privilege : Privilege.of(object.kind())) {
      rows.add(new Object[] {kind, schema, name, owner, owner, privilege.name()});
    }
    access.grants().forEach((role, privileges) -> privileges.forEach(
        privilege -> rows.add(new Object[] {kind, schema, name, owner, authorization.name(role), privilege.name()})));
  }

  static SystemView tablePrivileges() {
    SystemViews.Columns columns = new SystemViews.Columns();
    for (String name : List.of("grantor", "grantee", "table_schema", "table_name", "privilege_type", "is_grantable")) {
      columns.add(name, VARCHAR, false);
    }
    return new SystemView("table_privileges", columns.list(), (catalog, nowMillis) -> rows(tablePrivileges(catalog))).forEverybody();
  }

  private static List<Object[]> rows(List<SqlPrivilege> privileges) {
    return privileges.stream().map(each -> new Object[] {
        each.grantor(), each.grantee(), each.schema(), each.table(), each.privilege(), each.isGrantable() ? "YES" : "NO"}).toList();
  }

  static List<SqlPrivilege> tablePrivileges(Catalog catalog) {
    List<SqlPrivilege> privileges = new ArrayList<>();
    for (Object[] row : privileges(catalog)) {
      if (row[0].equals("TABLE") || row[0].equals("VIEW")) {
        privileges.add(new SqlPrivilege((String) row[1], (String) row[2], (String) row[3], (String) row[4], (String) row[5]));
      }
    }
    return privileges;
  }
}
