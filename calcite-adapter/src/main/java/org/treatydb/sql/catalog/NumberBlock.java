package org.treatydb.sql.catalog;

/**
 * Numbers of a sequence that follow each other. Immutable.
 *
 * @param first the first of them
 * @param count how many they are
 */
public record NumberBlock(long first, int count) {

  public static final NumberBlock NONE = new NumberBlock(0, 0);

  public boolean isEmpty() {
    return count == 0;
  }

  /** The last of them. */
  public long last(long increment) {
    return first + (count - 1) * increment;
  }

  /** All but the first. */
  public NumberBlock rest(long increment) {
    return count == 1 ? NONE : new NumberBlock(first + increment, count - 1);
  }
}
