package org.treatydb.jdbc.meta;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The patterns of JDBC's metadata calls: {@code _} is one character, {@code %} any number, {@code \} takes the next one literally. */
final class LikePattern {

  private LikePattern() {}

  /** Whether a name matches; null matches every name. */
  static Predicate<String> of(String pattern) {
    if (pattern == null || pattern.equals("%")) {
      return name -> true;
    }
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        regex.append(".*");
      } else if (c == '_') {
        regex.append('.');
      } else {
        boolean escape = c == '\\' && i + 1 < pattern.length();
        regex.append(Pattern.quote(String.valueOf(escape ? pattern.charAt(++i) : c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
  }
}
