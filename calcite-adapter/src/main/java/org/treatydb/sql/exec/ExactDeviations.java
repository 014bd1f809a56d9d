package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The sum of squared deviations of exact numbers from their mean, as an aggregate function for generated code: variances come of it. Exact
 * but for the last division. Not thread-safe: one for each group.
 */
public final class ExactDeviations {

  /** Digits after the point beyond those of the squares; more than any result keeps. */
  private static final int EXTRA_SCALE = 40;

  private long count;
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal squares = BigDecimal.ZERO;

  private ExactDeviations() {}

  public static ExactDeviations init() {
    return new ExactDeviations();
  }

  public static ExactDeviations add(ExactDeviations state, BigDecimal value) {
    state.count++;
    state.sum = state.sum.add(value);
    state.squares = state.squares.add(value.multiply(value));
    return state;
  }

  /** The sum; null of no values. */
  public static BigDecimal result(ExactDeviations state) {
    if (state.count == 0) {
      return null;
    }
    BigDecimal square = state.sum.multiply(state.sum);
    return state.squares.subtract(
        square.divide(BigDecimal.valueOf(state.count), square.scale() + EXTRA_SCALE, RoundingMode.HALF_EVEN));
  }
}
