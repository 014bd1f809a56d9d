package org.treatydb.sql.conformance;

import java.util.List;

/** One record of a sqllogictest file. */
sealed interface SqlLogicRecord {

  /** The line that it begins on. */
  int line();

  String sql();

  /**
   * A statement without result.
   *
   * @param fails whether it must fail
   */
  record Statement(int line, String sql, boolean fails) implements SqlLogicRecord {}

  /**
   * A query.
   *
   * @param types for each column how its values are written: I as integers, R with three digits after the point, T as text
   * @param order how the result is sorted before it is compared
   * @param expected the values, one after the other; null if only their hash is known
   * @param count how many values there are
   * @param hash the MD5 of the values, each followed by a line feed; null if the values are known
   */
  record Query(int line, String sql, String types, Order order, List<String> expected, int count, String hash)
      implements SqlLogicRecord {}

  /** How results are sorted before they are compared. */
  enum Order { NOSORT, ROWSORT, VALUESORT }
}
