package org.treatydb.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Decimals in keys, ordered by value whatever their scale.
 *
 * <p>A positive value is 0.d₁d₂…dₙ × 100ᵉ with base-100 digits, the first and the last not zero. It is written as a header byte
 * {@code 82} to {@code fa} for e from -60 to 60, one byte d+1 a digit, and {@code 00}. Zero is the header {@code 80} alone. A negative
 * value is its absolute value's bytes, all inverted. The headers {@code 81} and {@code fb} stand for every value that is nearer to zero, or
 * farther away, than these exponents reach: no column holds such values, but a bound may be one.
 */
final class DecimalKey {

  private static final int ZERO = 0x80;
  private static final int TINY = 0x81;
  private static final int EXPONENT_ZERO = 0xbe;
  private static final int EXPONENT_MAX = 60;
  private static final int HUGE = 0xfb;
  private static final int END = 0x00;
  private static final int BASE = 100;
  private static final int DIGITS_IN_LONG = 9;
  private static final int LONG_DIGITS_MAX = 10;

  private DecimalKey() {}

  static void put(ByteSink out, BigDecimal value) {
    if (value.signum() == 0) {
      out.put(ZERO);
      return;
    }
    int start = out.size();
    // The exponent's size is known before any arithmetic, so a bound such as 1e1000000000 costs nothing.
    long power = (long) value.precision() - value.scale();
    if (power > 2L * EXPONENT_MAX || power <= -2L * (EXPONENT_MAX + 1)) {
      out.put(power > 0 ? HUGE : TINY);
    } else {
      putFinite(out, value);
    }
    if (value.signum() < 0) {
      out.complement(start);
    }
  }

  private static void putFinite(ByteSink out, BigDecimal value) {
    boolean odd = (value.scale() & 1) != 0;
    BigInteger unscaled = value.unscaledValue().abs();
    int fractionDigits = (value.scale() + (odd ? 1 : 0)) / 2;
    byte[] digits;
    if (unscaled.bitLength() < 60) {
      digits = digits(odd ? unscaled.longValue() * 10 : unscaled.longValue());
    } else {
      digits = digits(odd ? unscaled + "0" : unscaled.toString());
    }
    int last = digits.length - 1;
    while (digits[last] == 0) {
      last--;
    }
    out.put(EXPONENT_ZERO + digits.length - fractionDigits);
    for (int i = 0; i <= last; i++) {
      out.put(digits[i] + 1);
    }
    out.put(END);
  }

  /** The base-100 digits of a positive number, without leading zeros. */
  private static byte[] digits(long number) {
    byte[] reversed = new byte[LONG_DIGITS_MAX];
    int count = 0;
    for (long rest = number; rest != 0; rest /= BASE) {
      reversed[count++] = (byte) (rest % BASE);
    }
    byte[] digits = new byte[count];
    for (int i = 0; i < count; i++) {
      digits[i] = reversed[count - 1 - i];
    }
    return digits;
  }

  private static byte[] digits(String decimal) {
    String even = (decimal.length() & 1) == 0 ? decimal : "0" + decimal;
    byte[] digits = new byte[even.length() / 2];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = (byte) (10 * (even.charAt(2 * i) - '0') + even.charAt(2 * i + 1) - '0');
    }
    return digits;
  }

  static BigDecimal next(ByteSource in, int scale) {
    int header = in.next();
    if (header == ZERO) {
      return BigDecimal.valueOf(0, scale);
    }
    boolean negative = header < ZERO;
    int mask = negative ? 0xff : 0;
    int exponent = (header ^ mask) - EXPONENT_ZERO;
    if (Math.abs(exponent) > EXPONENT_MAX) {
      throw new MalformedEncodingException("a decimal with header " + header);
    }
    long small = 0;
    BigInteger large = null;
    int count = 0;
    int digit = 1;
    for (int b = in.next() ^ mask; b != END; b = in.next() ^ mask) {
      digit = b - 1;
      if (digit >= BASE || ++count > ColumnType.DECIMAL_PRECISION_MAX) {
        throw new MalformedEncodingException("no decimal digit before byte " + in.position());
      }
      if (count <= DIGITS_IN_LONG) {
        small = small * BASE + digit;
      } else {
        large = (large == null ? BigInteger.valueOf(small) : large).multiply(BigInteger.valueOf(BASE)).add(BigInteger.valueOf(digit));
      }
    }
    if (count == 0 || digit == 0) {
      throw new MalformedEncodingException("a decimal that is not normal before byte " + in.position());
    }
    BigInteger unscaled = large == null ? BigInteger.valueOf(small) : large;
    BigDecimal value = new BigDecimal(negative ? unscaled.negate() : unscaled, 2 * (count - exponent));
    try {
      return value.setScale(scale);
    } catch (ArithmeticException e) {
      throw new MalformedEncodingException("a decimal of more than " + scale + " digits after the point");
    }
  }
}
