package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The roles of a database, and who may do what, as one version of the catalog has it. Immutable, thread-safe.
 *
 * <p>The built-in administrator {@link #SYSTEM} is in no list: it is whoever has the root key, and cannot sign in. Objects of which nothing
 * is stored are its own. A superuser may do everything; the members of a role that is one may not.
 */
public final class Authorization {

  /** Stands for everybody where privileges are granted. */
  public static final int PUBLIC = 0;

  /** The built-in administrator. */
  public static final int SYSTEM = 1;

  /** The name of the built-in administrator. */
  public static final String SYSTEM_NAME = "treaty";

  /** The first id of a role that somebody has created. */
  static final int FIRST_ROLE = 16;

  private final ImmutableMap<Integer, RoleDescriptor> roles;
  private final ImmutableMap<SecuredObject, ObjectAccess> objects;
  private final boolean signInRequired;
  private final Map<Integer, ImmutableSet<Integer>> closures = new ConcurrentHashMap<>();

  /** {@code signInRequired}: whether a role has ever been created. */
  Authorization(Collection<RoleDescriptor> roles, Collection<ObjectAccess> objects, boolean signInRequired) {
    this(Maps.uniqueIndex(roles, RoleDescriptor::id), Maps.uniqueIndex(objects, ObjectAccess::object), signInRequired);
  }

  private Authorization(Map<Integer, RoleDescriptor> roles, Map<SecuredObject, ObjectAccess> objects, boolean signInRequired) {
    this.roles = ImmutableMap.copyOf(roles);
    this.objects = ImmutableMap.copyOf(objects);
    this.signInRequired = signInRequired;
  }

  /** Whether a server must know who speaks: true for good from the first role on, whatever becomes of that. */
  public boolean signInRequired() {
    return signInRequired;
  }

  /** All roles that were created. */
  public Collection<RoleDescriptor> roles() {
    return roles.values();
  }

  /** The role with this id; null if there is none. */
  public RoleDescriptor role(int id) {
    return roles.get(id);
  }

  /** The role of this name; null if there is none. */
  public RoleDescriptor role(String name) {
    return roles.values().stream().filter(role -> role.name().equals(name)).findFirst().orElse(null);
  }

  /** The name of a role, of everybody, or of the built-in administrator. */
  public String name(int role) {
    return switch (role) {
      case PUBLIC -> "PUBLIC";
      case SYSTEM -> SYSTEM_NAME;
      default -> roles.containsKey(role) ? roles.get(role).name() : "a role that is gone";
    };
  }

  /** What is stored of the access to an object, or holds as long as nothing is. */
  public ObjectAccess access(SecuredObject object) {
    ObjectAccess stored = objects.get(object);
    return stored == null ? ObjectAccess.unsaid(object) : stored;
  }

  /** The objects of which something is stored. */
  public Collection<ObjectAccess> objects() {
    return objects.values();
  }

  boolean isStored(SecuredObject object) {
    return objects.containsKey(object);
  }

  /** Whether a role may do everything. */
  public boolean isSuperuser(int role) {
    RoleDescriptor found = roles.get(role);
    return role == SYSTEM || found != null && found.superuser();
  }

  /** A role, the roles it is a member of, directly or by others, and everybody. */
  public Set<Integer> closure(int role) {
    return closures.computeIfAbsent(role, this::closureOf);
  }

  private ImmutableSet<Integer> closureOf(int role) {
    Set<Integer> seen = new LinkedHashSet<>(List.of(PUBLIC));
    Deque<Integer> open = new ArrayDeque<>(List.of(role));
    while (!open.isEmpty()) {
      int next = open.poll();
      if (seen.add(next) && roles.containsKey(next)) {
        open.addAll(roles.get(next).memberOf());
      }
    }
    return ImmutableSet.copyOf(seen);
  }

  /** Whether a role is a superuser, the owner of an object, or a member of the owner. */
  public boolean owns(int role, SecuredObject object) {
    return isSuperuser(role) || closure(role).contains(access(object).owner());
  }

  /** Whether a role owns an object, or has the privilege, or is a member of a role that has it, or everybody has it. */
  public boolean holds(int role, SecuredObject object, Privilege privilege) {
    return owns(role, object) || access(object).grants().entrySet().stream()
        .anyMatch(grant -> grant.getValue().contains(privilege) && closure(role).contains(grant.getKey()));
  }

  /** Whether a role owns an object or has any privilege on it. */
  public boolean holdsAny(int role, SecuredObject object) {
    return Privilege.of(object.kind()).stream().anyMatch(privilege -> holds(role, object, privilege));
  }

  Authorization with(RoleDescriptor role) {
    Map<Integer, RoleDescriptor> changed = new HashMap<>(roles);
    changed.put(role.id(), role);
    return new Authorization(changed, objects, true);
  }

  Authorization without(RoleDescriptor role) {
    Map<Integer, RoleDescriptor> changed = new HashMap<>(roles);
    changed.remove(role.id());
    return new Authorization(changed, objects, true);
  }

  Authorization with(ObjectAccess access) {
    Map<SecuredObject, ObjectAccess> changed = new HashMap<>(objects);
    changed.put(access.object(), access);
    return new Authorization(roles, changed, signInRequired);
  }

  Authorization without(SecuredObject object) {
    Map<SecuredObject, ObjectAccess> changed = new HashMap<>(objects);
    changed.remove(object);
    return new Authorization(roles, changed, signInRequired);
  }
}
