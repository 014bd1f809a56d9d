package org.treatydb.sql.catalog;

import java.util.Objects;

/** Something that has an owner, and that privileges can be granted on. */
public record SecuredObject(Kind kind, int id) {

  /** Kinds of objects. The order is part of the storage format. */
  public enum Kind {
    SCHEMA,
    /** Tables and views, which share their ids. */
    RELATION,
    SEQUENCE
  }

  public SecuredObject {
    Objects.requireNonNull(kind, "kind");
  }

  public static SecuredObject schema(int id) {
    return new SecuredObject(Kind.SCHEMA, id);
  }

  public static SecuredObject relation(int id) {
    return new SecuredObject(Kind.RELATION, id);
  }

  public static SecuredObject sequence(int id) {
    return new SecuredObject(Kind.SEQUENCE, id);
  }
}
