package org.treatydb.sql.catalog;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.treatydb.kv.api.KvTransaction;

/** Changes roles and privileges, as {@link CatalogStore} changes the rest of the catalog. Stateless. */
public final class AuthorizationStore {

  private AuthorizationStore() {}

  static Authorization load(KvTransaction transaction) {
    boolean created = transaction.get(KeyLayout.counterKey(KeyLayout.COUNTER_ROLE_ID)) != null;
    return new Authorization(CatalogStore.read(transaction, KeyLayout.ROLES, DescriptorCodec::role),
        CatalogStore.read(transaction, KeyLayout.ACCESS, DescriptorCodec::access), created);
  }

  /** Adds a role, with an id of its own; gives the changed catalog. The caller has seen that the name is free. */
  public static Catalog createRole(KvTransaction transaction, Catalog catalog, RoleDescriptor draft) {
    int id = CatalogStore.nextId(transaction, KeyLayout.COUNTER_ROLE_ID, Authorization.FIRST_ROLE);
    return alterRole(transaction, catalog, draft.withId(id));
  }

  /** Puts a role in place of the one with its id; gives the changed catalog. */
  public static Catalog alterRole(KvTransaction transaction, Catalog catalog, RoleDescriptor role) {
    transaction.put(KeyLayout.roleKey(role.id()), DescriptorCodec.encode(role));
    return CatalogStore.published(transaction, catalog.with(catalog.authorization().with(role)));
  }

  /** Takes a role, which owns nothing, out of the catalog, with its memberships and its privileges; gives the changed catalog. */
  public static Catalog dropRole(KvTransaction transaction, Catalog catalog, RoleDescriptor role) {
    Catalog changed = catalog;
    for (ObjectAccess access : List.copyOf(catalog.authorization().objects())) {
      if (access.grants().containsKey(role.id())) {
        changed = put(transaction, changed, access.revoked(role.id(), Set.of(Privilege.values())));
      }
    }
    for (RoleDescriptor member : catalog.authorization().roles()) {
      if (member.memberOf().contains(role.id())) {
        Set<Integer> left = member.memberOf().stream().filter(id -> id != role.id()).collect(Collectors.toSet());
        changed = alterRole(transaction, changed, member.withMemberOf(left));
      }
    }
    transaction.delete(KeyLayout.roleKey(role.id()));
    return CatalogStore.published(transaction, changed.with(changed.authorization().without(role)));
  }

  /** Says who owns an object and what others may do with it; gives the changed catalog. */
  public static Catalog put(KvTransaction transaction, Catalog catalog, ObjectAccess access) {
    transaction.put(KeyLayout.accessKey(access.object()), DescriptorCodec.encode(access));
    return CatalogStore.published(transaction, catalog.with(catalog.authorization().with(access)));
  }

  /** Lets an object have the owner and the grants that another had in {@code before}. */
  static Catalog inherit(KvTransaction transaction, Catalog catalog, Catalog before, SecuredObject from, SecuredObject to) {
    return before.authorization().isStored(from) ? put(transaction, catalog, before.authorization().access(from).of(to)) : catalog;
  }

  /** Forgets the owner and the grants of an object that is gone. */
  static Catalog forget(KvTransaction transaction, Catalog catalog, SecuredObject object) {
    if (!catalog.authorization().isStored(object)) {
      return catalog;
    }
    transaction.delete(KeyLayout.accessKey(object));
    return catalog.with(catalog.authorization().without(object));
  }
}
