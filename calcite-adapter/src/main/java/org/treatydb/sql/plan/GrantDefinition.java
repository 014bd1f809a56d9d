package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.AuthorizationStore;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.AlterOwner;
import org.treatydb.sql.parser.GrantStatement;

/** GRANT and REVOKE of privileges, and ALTER … OWNER TO. Only its owner and superusers say who may do what with an object. */
final class GrantDefinition {

  private GrantDefinition() {}

  static Definition plan(GrantStatement grant) {
    return work -> {
      List<Integer> roles = grant.roles().stream().map(name -> RoleDefinition.grantee(work, name)).toList();
      for (SqlIdentifier name : grant.objects()) {
        for (SecuredObject object : objects(work.catalog(), grant.target(), name)) {
          work.rights().owns(object);
          Set<Privilege> privileges = privileges(grant, object.kind());
          roles.forEach(role -> work.change((transaction, before) -> {
            var access = before.authorization().access(object);
            return AuthorizationStore.put(transaction, before,
                grant.isGrant() ? access.granted(role, privileges) : access.revoked(role, privileges));
          }));
        }
      }
    };
  }

  private static Set<Privilege> privileges(GrantStatement grant, SecuredObject.Kind kind) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (String word : grant.privileges()) {
      if (word.equals(GrantStatement.ALL)) {
        privileges.addAll(Privilege.of(kind));
      } else {
        privileges.add(Privilege.of(kind).stream().filter(privilege -> privilege.name().equals(word)).findFirst()
            .orElseThrow(() -> new SqlFailure(SqlState.INVALID_GRANT_OPERATION, "There is no privilege " + word + " on a "
                + (kind == SecuredObject.Kind.RELATION ? "table" : kind.name().toLowerCase(Locale.ROOT)) + ".")));
      }
    }
    return privileges;
  }

  private static List<SecuredObject> objects(Catalog catalog, GrantStatement.Target target, SqlIdentifier name) {
    return switch (target) {
      case TABLE -> List.of(relation(catalog, name));
      case SEQUENCE -> List.of(SecuredObject.sequence(NamedTables.sequence(catalog, name).id()));
      case SCHEMA -> List.of(SecuredObject.schema(schema(catalog, name).id()));
      case ALL_TABLES -> {
        int schemaId = schema(catalog, name).id();
        List<SecuredObject> all = new ArrayList<>();
        catalog.tables().stream().filter(table -> table.schemaId() == schemaId)
            .forEach(table -> all.add(SecuredObject.relation(table.id())));
        catalog.views().stream().filter(view -> view.schemaId() == schemaId).forEach(view -> all.add(SecuredObject.relation(view.id())));
        yield all;
      }
      case ALL_SEQUENCES -> {
        int schemaId = schema(catalog, name).id();
        yield catalog.sequences().stream().filter(sequence -> sequence.schemaId() == schemaId)
            .map(sequence -> SecuredObject.sequence(sequence.id())).toList();
      }
    };
  }

  private static SecuredObject relation(Catalog catalog, SqlIdentifier name) {
    ViewDescriptor view = NamedTables.viewOrNull(catalog, name);
    return SecuredObject.relation(view == null ? NamedTables.table(catalog, name).id() : view.id());
  }

  private static SchemaDescriptor schema(Catalog catalog, SqlIdentifier name) {
    SchemaDescriptor schema = name.isSimple() ? catalog.schema(name.getSimple()) : null;
    if (schema == null) {
      throw new SqlFailure(SqlState.INVALID_SCHEMA_NAME, "There is no schema \"" + String.join(".", name.names) + "\".");
    }
    return schema;
  }

  static Definition plan(AlterOwner alter) {
    return work -> {
      Catalog catalog = work.catalog();
      List<SecuredObject> objects = new ArrayList<>();
      int schemaId = 0;
      switch (alter.kind()) {
        case TABLE -> {
          TableDescriptor table = NamedTables.tableOrNull(catalog, alter.name());
          if (table == null && alter.ifExists()) {
            return;
          }
          TableDescriptor named = NamedTables.table(catalog, alter.name());
          schemaId = named.schemaId();
          objects.add(SecuredObject.relation(named.id()));
          named.columns().stream().map(ColumnDescriptor::source).filter(source -> source.isIdentity())
              .forEach(source -> objects.add(SecuredObject.sequence(source.sequenceId())));
        }
        case VIEW -> {
          if (alter.ifExists() && NamedTables.viewOrNull(catalog, alter.name()) == null) {
            return;
          }
          ViewDescriptor view = NamedTables.view(catalog, alter.name());
          schemaId = view.schemaId();
          objects.add(SecuredObject.relation(view.id()));
        }
        case SEQUENCE -> {
          if (alter.ifExists() && !NamedTables.hasSequence(catalog, alter.name())) {
            return;
          }
          schemaId = NamedTables.sequence(catalog, alter.name()).schemaId();
          objects.add(SecuredObject.sequence(NamedTables.sequence(catalog, alter.name()).id()));
        }
        case SCHEMA -> objects.add(SecuredObject.schema(schema(catalog, alter.name()).id()));
      }
      give(work, objects, RoleDefinition.role(work, alter.owner()).id(), schemaId);
    };
  }

  /** {@code schemaId}: where the objects are; 0 if they are schemas. */
  private static void give(Definition.Work work, List<SecuredObject> objects, int owner, int schemaId) {
    Authorization authorization = work.catalog().authorization();
    objects.forEach(work.rights()::owns);
    if (!work.rights().isSuperuser()) {
      boolean member = authorization.closure(work.rights().role()).contains(owner);
      if (!member || schemaId != 0 && !authorization.holds(owner, SecuredObject.schema(schemaId), Privilege.CREATE)) {
        throw new SqlFailure(SqlState.INSUFFICIENT_PRIVILEGE, "Only to a role whose member one is, and that may create in the schema, "
            + "something can be given.");
      }
    }
    for (SecuredObject object : objects) {
      work.change((transaction, before) ->
          AuthorizationStore.put(transaction, before, before.authorization().access(object).withOwner(owner)));
    }
  }
}
