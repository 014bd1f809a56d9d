package org.treatydb.sql.catalog;

import java.util.Objects;
import org.treatydb.sql.type.ColumnType;

/**
 * A column of a table.
 *
 * @param id from 1, unique in its table for ever
 * @param name as folded by the parser
 * @param type the declared type
 * @param nullable whether it may hold NULL
 * @param defaultSql the DEFAULT expression, as SQL that parses again; null if there is none
 */
public record ColumnDescriptor(int id, String name, ColumnType type, boolean nullable, String defaultSql) {

  public ColumnDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
