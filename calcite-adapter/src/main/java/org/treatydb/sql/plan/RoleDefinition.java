package org.treatydb.sql.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.treatydb.sql.access.PasswordVerifier;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.AuthorizationStore;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ObjectAccess;
import org.treatydb.sql.catalog.RoleDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.AlterRole;
import org.treatydb.sql.parser.CreateRole;
import org.treatydb.sql.parser.DropStatement;
import org.treatydb.sql.parser.GrantRole;
import org.treatydb.sql.parser.GrantStatement;
import org.treatydb.sql.parser.RoleNames;
import org.treatydb.sql.parser.RoleOptions;

/** CREATE, ALTER and DROP USER and ROLE, and who is a member of what. Passwords become verifiers before anything is locked. */
final class RoleDefinition {

  private static final String PUBLIC = "public";

  /** What cannot name a role, because it means something else where roles are named. */
  private static final Set<String> RESERVED = Set.of(
      PUBLIC, "none", Authorization.SYSTEM_NAME, RoleNames.CURRENT_USER, RoleNames.SESSION_USER, GrantStatement.ALL);

  private RoleDefinition() {}

  static Definition plan(CreateRole create) {
    checkName(create.name());
    RoleOptions options = create.options();
    String verifier = verifier(options);
    RoleDescriptor draft = new RoleDescriptor(
        0, create.name(), create.login(), Boolean.TRUE.equals(options.superuser()), verifier, List.of());
    return work -> {
      work.rights().administers("create users and roles");
      Catalog catalog = work.catalog();
      if (catalog.authorization().role(create.name()) != null) {
        if (create.ifNotExists()) {
          return;
        }
        throw new SqlFailure(SqlState.DUPLICATE_OBJECT, "Role \"" + create.name() + "\" exists already.");
      }
      if (work.rights().isAnybody() && !administers(draft)) {
        throw new SqlFailure(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "The first user must be able to make others, because from then on "
            + "everybody has to sign in: CREATE USER \"" + create.name() + "\" SUPERUSER PASSWORD '…'.");
      }
      work.change((transaction, before) -> AuthorizationStore.createRole(transaction, before, draft));
    };
  }

  private static void checkName(String name) {
    boolean printable = name.chars().noneMatch(c -> Character.isISOControl(c) || c == ':');
    if (name.isBlank() || !printable || RESERVED.contains(name)) {
      throw new SqlFailure(SqlState.INVALID_NAME, "\"" + name + "\" cannot be the name of a user or role.");
    }
  }

  private static String verifier(RoleOptions options) {
    return options.password() == null ? null : PasswordVerifier.of(options.password()).text();
  }

  static Definition plan(AlterRole alter) {
    RoleOptions options = alter.options();
    String verifier = verifier(options);
    return work -> {
      RoleDescriptor before = role(work, alter.name());
      boolean embedded = work.rights().isSystem();
      boolean ownPassword = options.login() == null && options.superuser() == null && before.id() == work.rights().role();
      if (!ownPassword) {
        work.rights().administers("alter other users and roles");
      }
      RoleDescriptor after = new RoleDescriptor(before.id(), before.name(), options.login() == null ? before.login() : options.login(),
          options.superuser() == null ? before.superuser() : options.superuser(),
          options.changesPassword() ? verifier : before.verifier(), before.memberOf());
      work.change((transaction, catalog) -> AuthorizationStore.alterRole(transaction, catalog, after));
      checkAdministrable(work, before, embedded);
    };
  }

  /** Whoever works on a cluster has no other way in than by signing in, so somebody must be left who can make users. */
  private static void checkAdministrable(Definition.Work work, RoleDescriptor changed, boolean embedded) {
    boolean left = work.catalog().authorization().roles().stream().anyMatch(RoleDefinition::administers);
    if (administers(changed) && !left && !embedded) {
      throw new SqlFailure(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "No superuser who can sign in would be left.");
    }
  }

  private static boolean administers(RoleDescriptor role) {
    return role.superuser() && role.login() && role.verifier() != null;
  }

  static void drop(Definition.Work work, SqlIdentifier name, DropStatement drop) {
    work.rights().administers("drop users and roles");
    if (drop.cascade()) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "DROP ROLE has no CASCADE: drop or give away what the role owns before.");
    }
    RoleDescriptor role = work.catalog().authorization().role(name.getSimple());
    if (role == null && drop.ifExists()) {
      return;
    }
    RoleDescriptor dropped = role(work, name.getSimple());
    List<ObjectAccess> owned =
        work.catalog().authorization().objects().stream().filter(access -> access.owner() == dropped.id()).toList();
    if (!owned.isEmpty()) {
      throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST, "Role \"" + dropped.name() + "\" owns " + owned.size()
          + " tables, views, sequences or schemas; drop them, or ALTER … OWNER TO another.");
    }
    boolean embedded = work.rights().isSystem();
    work.change((transaction, before) -> AuthorizationStore.dropRole(transaction, before, dropped));
    checkAdministrable(work, dropped, embedded);
  }

  static Definition plan(GrantRole grant) {
    return work -> {
      work.rights().administers("say who is a member of a role");
      for (String member : grant.members()) {
        RoleDescriptor before = role(work, member);
        Set<Integer> roles = new HashSet<>(before.memberOf());
        for (String name : grant.roles()) {
          int role = role(work, name).id();
          if (grant.isGrant()) {
            if (work.catalog().authorization().closure(role).contains(before.id())) {
              throw new SqlFailure(SqlState.INVALID_GRANT_OPERATION,
                  "\"" + name + "\" cannot get \"" + member + "\" as a member: it would be a member of itself.");
            }
            roles.add(role);
          } else {
            roles.remove(role);
          }
        }
        work.change((transaction, catalog) -> AuthorizationStore.alterRole(transaction, catalog, before.withMemberOf(roles)));
      }
    };
  }

  /**
   * The role of this name, which may stand for whoever works now.
   *
   * @throws SqlFailure 42704 if there is none
   */
  static RoleDescriptor role(Definition.Work work, String name) {
    Authorization authorization = work.catalog().authorization();
    Rights rights = work.rights();
    RoleDescriptor found = switch (name) {
      case RoleNames.CURRENT_USER -> authorization.role(rights.role());
      case RoleNames.SESSION_USER -> authorization.role(rights.sessionUser());
      default -> authorization.role(name);
    };
    if (found == null) {
      throw new SqlFailure(SqlState.UNDEFINED_OBJECT, "There is no role \"" + name + "\".");
    }
    return found;
  }

  /** The id of a role of this name, or of everybody. */
  static int grantee(Definition.Work work, String name) {
    return name.equals(PUBLIC) ? Authorization.PUBLIC : role(work, name).id();
  }
}
