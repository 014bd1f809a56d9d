package org.treatydb.sql.exec;

/** The sum of DOUBLEs, as an aggregate function for generated code: 22003 if it becomes infinite while they are finite. */
public final class FloatSum {

  private double sum;

  private FloatSum() {}

  public static FloatSum init() {
    return new FloatSum();
  }

  public static FloatSum add(FloatSum state, double value) {
    state.sum = FloatArithmetic.plus(state.sum, value);
    return state;
  }

  public static double result(FloatSum state) {
    return state.sum;
  }
}
