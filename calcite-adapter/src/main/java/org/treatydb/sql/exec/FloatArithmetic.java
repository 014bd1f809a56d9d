package org.treatydb.sql.exec;

import org.apache.calcite.linq4j.function.Strict;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * Arithmetic on REAL and DOUBLE, called by generated code. Finite numbers give finite ones, or 22003, as in PostgreSQL; an infinity or NaN
 * comes only of another. NULL in, NULL out, by {@link Strict}.
 */
@Strict
public final class FloatArithmetic {

  private FloatArithmetic() {}

  public static double plus(double left, double right) {
    return checked(left + right, left, right);
  }

  public static double minus(double left, double right) {
    return checked(left - right, left, right);
  }

  public static double times(double left, double right) {
    return checked(left * right, left, right);
  }

  /** The quotient; 22012 if {@code right} is zero. */
  public static double divide(double left, double right) {
    if (right == 0) {
      throw DecimalArithmetic.divisionByZero();
    }
    return checked(left / right, left, right);
  }

  public static float plus(float left, float right) {
    return checked(left + right, left, right);
  }

  public static float minus(float left, float right) {
    return checked(left - right, left, right);
  }

  public static float times(float left, float right) {
    return checked(left * right, left, right);
  }

  /** The quotient; 22012 if {@code right} is zero. */
  public static float divide(float left, float right) {
    if (right == 0) {
      throw DecimalArithmetic.divisionByZero();
    }
    return checked(left / right, left, right);
  }

  public static double squareRoot(double value) {
    return Math.sqrt(value);
  }

  /** {@code value}, the result of a function, if it is finite. */
  public static double finite(double value) {
    return checked(value, 0, 0);
  }

  /** {@code value} as a REAL. */
  public static float real(double value) {
    float narrowed = (float) value;
    if (Float.isInfinite(narrowed) && !Double.isInfinite(value)) {
      throw outOfRange();
    }
    return narrowed;
  }

  private static double checked(double result, double left, double right) {
    if (!Double.isFinite(result) && Double.isFinite(left) && Double.isFinite(right)) {
      throw outOfRange();
    }
    return result;
  }

  private static float checked(float result, float left, float right) {
    if (!Float.isFinite(result) && Float.isFinite(left) && Float.isFinite(right)) {
      throw outOfRange();
    }
    return result;
  }

  static SqlFailure outOfRange() {
    return new SqlFailure(SqlState.NUMERIC_OUT_OF_RANGE, "A number is out of the range of its type.");
  }
}
