package org.treatydb.sql.parser;

import java.util.List;

/**
 * A UNIQUE constraint as it was written, at a column or for the table. Immutable.
 *
 * @param name null if none was given
 * @param columns in the order written; names may repeat
 */
public record UniqueConstraint(String name, List<String> columns) {

  public UniqueConstraint {
    columns = List.copyOf(columns);
  }
}
