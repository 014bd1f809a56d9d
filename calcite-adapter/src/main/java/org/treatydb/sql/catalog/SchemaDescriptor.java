package org.treatydb.sql.catalog;

import java.util.Objects;

/** A schema: a name space for tables. */
public record SchemaDescriptor(int id, String name) {

  /** The schema that every database has, and that unqualified names mean. */
  public static final SchemaDescriptor PUBLIC = new SchemaDescriptor(1, "public");

  public SchemaDescriptor {
    Objects.requireNonNull(name, "name");
  }
}
