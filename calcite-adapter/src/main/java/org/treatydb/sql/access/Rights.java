package org.treatydb.sql.access;

import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.RoleDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;

/** What somebody may do, as one catalog has it. What he may not fails with 42501. Immutable, not thread-safe. */
public final class Rights {

  private final Catalog catalog;
  private final Authorization authorization;
  private final Actor actor;
  private final int role;
  private Catalog visible;

  private Rights(Catalog catalog, Actor actor, int role) {
    this.catalog = catalog;
    this.authorization = catalog.authorization();
    this.actor = actor;
    this.role = role;
  }

  /**
   * The rights of {@code actor}.
   *
   * @throws SqlFailure 28000 if there is no such user any more, or if he has not signed in where he must; 42501 if he is no longer a member
   *     of the role that SET ROLE has chosen
   */
  public static Rights of(Catalog catalog, Actor actor) {
    Authorization authorization = catalog.authorization();
    SqlUser user = actor.user();
    if (user.equals(SqlUser.ANYBODY)) {
      if (authorization.signInRequired()) {
        throw new SqlFailure(SqlState.INVALID_AUTHORIZATION, "The database has users now. Connect again, with a user and a password.");
      }
      return new Rights(catalog, actor, Authorization.SYSTEM);
    }
    if (user.id() != Authorization.SYSTEM && authorization.role(user.id()) == null) {
      throw new SqlFailure(SqlState.INVALID_AUTHORIZATION, "The user \"" + user.name() + "\" has been dropped.");
    }
    if (actor.role() != user.id() && !mayWorkAs(authorization, user.id(), actor.role())) {
      throw new SqlFailure(SqlState.INSUFFICIENT_PRIVILEGE, "The role that SET ROLE has chosen is no longer there for \"" + user.name()
          + "\"; RESET ROLE.");
    }
    return new Rights(catalog, actor, actor.role());
  }

  private static boolean mayWorkAs(Authorization authorization, int user, int role) {
    return authorization.role(role) != null && (authorization.isSuperuser(user) || authorization.closure(user).contains(role));
  }

  /** The id of the role of this name, for SET ROLE. */
  public int roleToWorkAs(String name) {
    RoleDescriptor found = authorization.role(name);
    int user = actor.user().equals(SqlUser.ANYBODY) ? Authorization.SYSTEM : actor.user().id();
    if (found == null) {
      throw new SqlFailure(SqlState.UNDEFINED_OBJECT, "There is no role \"" + name + "\".");
    }
    if (!mayWorkAs(authorization, user, found.id())) {
      throw denied("\"" + actor.user().name() + "\" is no member of role \"" + name + "\".");
    }
    return found.id();
  }

  /** The id of the role in whose name work is done, and that owns what is created. */
  public int role() {
    return role;
  }

  /** The name of that role: CURRENT_USER. */
  public String currentUser() {
    return authorization.name(role);
  }

  /** The name of the user who has signed in: SESSION_USER. */
  public String sessionUser() {
    return actor.user().name();
  }

  /** Whether these are those of the built-in administrator, who may do everything in every version of the catalog. */
  public boolean isSystem() {
    return actor.user().equals(SqlUser.SYSTEM) && role == Authorization.SYSTEM;
  }

  public boolean isSuperuser() {
    return authorization.isSuperuser(role);
  }

  /** The catalog with what may be listed. */
  public Catalog visible() {
    if (visible == null) {
      visible = catalog.visibleTo(role);
    }
    return visible;
  }

  /** Fails unless all of that is allowed. */
  public void check(Iterable<Access> accesses) {
    for (Access access : accesses) {
      int subject = access.subject() == Access.RUNNER ? role : access.subject();
      switch (access) {
        case Access.OfObject needed -> may(subject, needed.object(), needed.privilege());
        case Access.OfSystemView needed -> {
          if (!authorization.isSuperuser(subject)) {
            throw denied("The view \"" + needed.view() + "\" is for superusers.");
          }
        }
      }
    }
  }

  private void may(int subject, SecuredObject object, Privilege privilege) {
    if (!authorization.holds(subject, object, privilege)) {
      String of = subject == role ? "" : " of \"" + authorization.name(subject) + "\", whose view it is";
      throw denied("The privilege " + privilege + " on " + named(object) + " is needed" + of + ".");
    }
  }

  /** Fails unless somebody has a privilege. */
  public void may(SecuredObject object, Privilege privilege) {
    may(role, object, privilege);
  }

  /** Fails unless somebody has a privilege on a table, and may use its schema. */
  public void may(TableDescriptor table, Privilege privilege) {
    may(SecuredObject.schema(table.schemaId()), Privilege.USAGE);
    may(SecuredObject.relation(table.id()), privilege);
  }

  /** Fails unless relations can be created in a schema. */
  public void creates(int schemaId) {
    may(SecuredObject.schema(schemaId), Privilege.CREATE);
  }

  /** Fails unless somebody owns an object. */
  public void owns(SecuredObject object) {
    if (!authorization.owns(role, object)) {
      throw denied("Only its owner may do this to " + named(object) + ".");
    }
  }

  /** Fails unless somebody owns an object, or the schema that it is in, and may therefore drop it. */
  public void drops(SecuredObject object, int schemaId) {
    if (!authorization.owns(role, SecuredObject.schema(schemaId))) {
      owns(object);
    }
  }

  public boolean isOwner(SecuredObject object) {
    return authorization.owns(role, object);
  }

  /** Whether nobody has signed in, and nobody need. */
  public boolean isAnybody() {
    return actor.user().equals(SqlUser.ANYBODY);
  }

  /** Fails unless somebody is a superuser. {@code what}: what only these may do. */
  public void administers(String what) {
    if (!isSuperuser()) {
      throw denied("Only a superuser may " + what + ".");
    }
  }

  private static SqlFailure denied(String message) {
    return new SqlFailure(SqlState.INSUFFICIENT_PRIVILEGE, message);
  }

  private String named(SecuredObject object) {
    return switch (object.kind()) {
      case SCHEMA -> catalog.schemas().stream().filter(schema -> schema.id() == object.id()).findFirst()
          .map(schema -> "schema \"" + schema.name() + "\"").orElse("a schema that is gone");
      case SEQUENCE -> catalog.sequence(object.id()) == null ? "a sequence that is gone"
          : "sequence \"" + catalog.sequence(object.id()).name() + "\"";
      case RELATION -> {
        if (catalog.table(object.id()) != null) {
          yield "table \"" + catalog.table(object.id()).name() + "\"";
        }
        yield catalog.view(object.id()) == null ? "a table that is gone" : "view \"" + catalog.view(object.id()).name() + "\"";
      }
    };
  }
}
