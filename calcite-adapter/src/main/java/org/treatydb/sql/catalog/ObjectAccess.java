package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Sets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who owns an object, and what others may do with it. Immutable.
 *
 * @param owner the id of a role
 * @param grants the privileges that were granted, by the id of the role that has them; {@link Authorization#PUBLIC} for everybody
 */
public record ObjectAccess(SecuredObject object, int owner, ImmutableSortedMap<Integer, ImmutableSet<Privilege>> grants) {

  /** Access to an object of which nothing is stored. */
  static ObjectAccess unsaid(SecuredObject object) {
    boolean open = object.equals(SecuredObject.schema(SchemaDescriptor.PUBLIC.id()));
    return new ObjectAccess(object, Authorization.SYSTEM,
        open ? ImmutableSortedMap.of(Authorization.PUBLIC, ImmutableSet.of(Privilege.USAGE)) : ImmutableSortedMap.of());
  }

  /** The same for another object. */
  public ObjectAccess of(SecuredObject other) {
    return new ObjectAccess(other, owner, grants);
  }

  public ObjectAccess withOwner(int changed) {
    return new ObjectAccess(object, changed, grants);
  }

  /** With these privileges granted to {@code role}, too. */
  public ObjectAccess granted(int role, Set<Privilege> privileges) {
    return with(role, Sets.union(of(role), privileges));
  }

  /** Without these privileges of {@code role}. */
  public ObjectAccess revoked(int role, Set<Privilege> privileges) {
    return with(role, Sets.difference(of(role), privileges));
  }

  private Set<Privilege> of(int role) {
    return grants.getOrDefault(role, ImmutableSet.of());
  }

  private ObjectAccess with(int role, Set<Privilege> privileges) {
    Map<Integer, ImmutableSet<Privilege>> changed = new TreeMap<>(grants);
    changed.remove(role);
    if (!privileges.isEmpty()) {
      changed.put(role, Sets.immutableEnumSet(privileges));
    }
    return new ObjectAccess(object, owner, ImmutableSortedMap.copyOf(changed));
  }
}
