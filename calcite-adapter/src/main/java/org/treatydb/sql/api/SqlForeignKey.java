package org.treatydb.sql.api;

import java.util.List;

/**
 * A foreign key, for metadata.
 *
 * @param columns the columns that refer
 * @param parentColumns the columns that they refer to, in the same order
 * @param parentKey the name of the primary key or UNIQUE constraint that they refer to
 */
public record SqlForeignKey(String name, List<String> columns, String parentSchema, String parentTable, List<String> parentColumns,
    String parentKey, Rule onDelete, Rule onUpdate) {

  /** What happens to rows that refer to one which is deleted or whose key changes; in the order of JDBC's numbers, from 0. */
  public enum Rule { CASCADE, RESTRICT, SET_NULL, NO_ACTION, SET_DEFAULT }
}
