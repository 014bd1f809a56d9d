package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Objects;

/**
 * A user or a role: a user is a role that can sign in. Immutable; never prints the verifier.
 *
 * @param id never used for another role
 * @param login whether it can sign in
 * @param superuser whether it may do everything
 * @param verifier what tells its password from others; null if it has none
 * @param memberOf the ids of the roles whose privileges it has, too
 */
public record RoleDescriptor(int id, String name, boolean login, boolean superuser, String verifier, ImmutableSet<Integer> memberOf) {

  public RoleDescriptor {
    Objects.requireNonNull(name, "name");
  }

  public RoleDescriptor(int id, String name, boolean login, boolean superuser, String verifier, Collection<Integer> memberOf) {
    this(id, name, login, superuser, verifier, ImmutableSet.copyOf(memberOf));
  }

  public RoleDescriptor withId(int newId) {
    return new RoleDescriptor(newId, name, login, superuser, verifier, memberOf);
  }

  public RoleDescriptor withMemberOf(Collection<Integer> roles) {
    return new RoleDescriptor(id, name, login, superuser, verifier, roles);
  }

  @Override
  public String toString() {
    return "role " + id + " \"" + name + "\"";
  }
}
