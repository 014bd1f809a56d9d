package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableSet;
import java.util.Set;

/** What somebody can be allowed to do with an object that is not his. The order is part of the storage format. */
public enum Privilege {
  SELECT,
  INSERT,
  UPDATE,
  DELETE,
  TRUNCATE,
  /** To make foreign keys that refer to the table. */
  REFERENCES,
  /** To find what is in a schema; to take numbers of a sequence. */
  USAGE,
  /** To create relations in a schema. */
  CREATE;

  private static final ImmutableSet<Privilege> OF_RELATIONS = ImmutableSet.of(SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES);
  private static final ImmutableSet<Privilege> OF_SEQUENCES = ImmutableSet.of(SELECT, UPDATE, USAGE);
  private static final ImmutableSet<Privilege> OF_SCHEMAS = ImmutableSet.of(USAGE, CREATE);

  /** The privileges that there are for objects of a kind. */
  public static ImmutableSet<Privilege> of(SecuredObject.Kind kind) {
    return switch (kind) {
      case RELATION -> OF_RELATIONS;
      case SEQUENCE -> OF_SEQUENCES;
      case SCHEMA -> OF_SCHEMAS;
    };
  }

  /** The privileges as bits, by their order. */
  static int bits(Set<Privilege> privileges) {
    return privileges.stream().mapToInt(privilege -> 1 << privilege.ordinal()).sum();
  }
}
