package org.treatydb.sql.type;

import java.util.Objects;

/**
 * One end of a range of a column's values, in SQL's order.
 *
 * @param value a run-time value of the column's type; never null, since nothing compares with NULL
 * @param inclusive whether the value itself belongs to the range
 */
public record KeyBound(Object value, boolean inclusive) {

  public KeyBound {
    Objects.requireNonNull(value, "value");
  }
}
