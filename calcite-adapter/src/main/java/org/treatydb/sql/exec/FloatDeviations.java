package org.treatydb.sql.exec;

/**
 * The sum of products of deviations of two series of numbers from their means, as an aggregate function for generated code: variances (of
 * one series with itself), covariances and sums of squares come of it. By the updating algorithm of Youngs and Cramer, which does not
 * subtract large sums from each other. Not thread-safe: one for each group.
 */
public final class FloatDeviations {

  private double count;
  private double sumX;
  private double sumY;
  private double products;

  private FloatDeviations() {}

  public static FloatDeviations init() {
    return new FloatDeviations();
  }

  public static FloatDeviations add(FloatDeviations state, double x, double y) {
    state.count++;
    state.sumX += x;
    state.sumY += y;
    if (state.count > 1) {
      double products = (x * state.count - state.sumX) * (y * state.count - state.sumY) / (state.count * (state.count - 1));
      state.products += products;
      if (!Double.isFinite(state.products) && Double.isFinite(x) && Double.isFinite(y)) {
        throw FloatArithmetic.outOfRange();
      }
    } else if (!Double.isFinite(x) || !Double.isFinite(y)) {
      state.products = Double.NaN;
    }
    return state;
  }

  /** The sum; null of no values. */
  public static Double result(FloatDeviations state) {
    return state.count == 0 ? null : state.products;
  }
}
