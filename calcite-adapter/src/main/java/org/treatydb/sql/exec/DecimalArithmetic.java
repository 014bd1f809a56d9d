package org.treatydb.sql.exec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.calcite.linq4j.function.Strict;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * Arithmetic on DECIMAL, called by generated code: the exact result, rounded half up to the scale of its type, or 22003 if its type has not
 * the digits for it. (Calcite's own division keeps 16 digits.) NULL in, NULL out, by {@link Strict}.
 */
@Strict
public final class DecimalArithmetic {

  /** Enough digits for a root that is rounded once more, to at most 38 of them. */
  private static final MathContext ROOT_DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);

  private DecimalArithmetic() {}

  public static BigDecimal plus(BigDecimal left, BigDecimal right, int precision, int scale) {
    return fit(left.add(right), precision, scale);
  }

  public static BigDecimal minus(BigDecimal left, BigDecimal right, int precision, int scale) {
    return fit(left.subtract(right), precision, scale);
  }

  public static BigDecimal times(BigDecimal left, BigDecimal right, int precision, int scale) {
    return fit(left.multiply(right), precision, scale);
  }

  /** The quotient; 22012 if {@code right} is zero. */
  public static BigDecimal divide(BigDecimal left, BigDecimal right, int precision, int scale) {
    if (right.signum() == 0) {
      throw divisionByZero();
    }
    return fit(left.divide(right, scale, RoundingMode.HALF_UP), precision, scale);
  }

  public static BigDecimal negate(BigDecimal value, int precision, int scale) {
    return fit(value.negate(), precision, scale);
  }

  /** The square root of what is not negative. */
  public static BigDecimal squareRoot(BigDecimal value, int precision, int scale) {
    return fit(value.sqrt(ROOT_DIGITS), precision, scale);
  }

  /** {@code value} at {@code scale}; 22003 if that takes more than {@code precision} digits. */
  public static BigDecimal fit(BigDecimal value, int precision, int scale) {
    BigDecimal rounded = value.scale() == scale ? value : value.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.precision() > precision) {
      throw new SqlFailure(SqlState.NUMERIC_OUT_OF_RANGE,
          "A number of " + rounded.precision() + " digits is out of the range of DECIMAL(" + precision + ", " + scale + ").");
    }
    return rounded;
  }

  static SqlFailure divisionByZero() {
    return new SqlFailure(SqlState.DIVISION_BY_ZERO, "Division by zero.");
  }
}
