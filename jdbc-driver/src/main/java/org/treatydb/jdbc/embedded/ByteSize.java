package org.treatydb.jdbc.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory as people write it: {@code 512MB}. */
public final class ByteSize {

  /** What {@link #parse} takes, for messages. */
  public static final String FORM = "a whole number of bytes, or one with KB, MB or GB, such as 512MB";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([KMG]?B)?");

  private ByteSize() {}

  /**
   * The number of bytes; a KB is 1024 of them.
   *
   * @throws IllegalArgumentException if {@code text} is none, or more than a long holds
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a size: " + text);
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor = switch (unit) {
      case "KB" -> 1L << 10;
      case "MB" -> 1L << 20;
      case "GB" -> 1L << 30;
      default -> 1;
    };
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large: " + text, e);
    }
  }
}
