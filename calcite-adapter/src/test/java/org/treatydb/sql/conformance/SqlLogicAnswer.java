package org.treatydb.sql.conformance;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.treatydb.sql.api.SqlCursor;

/** The values of a result, written as the corpus writes them. */
final class SqlLogicAnswer {

  private final List<List<String>> rows = new ArrayList<>();
  private final SqlLogicRecord.Query query;

  private SqlLogicAnswer(SqlLogicRecord.Query query) {
    this.query = query;
  }

  static SqlLogicAnswer of(SqlLogicRecord.Query query, SqlCursor cursor) throws SQLException {
    SqlLogicAnswer answer = new SqlLogicAnswer(query);
    while (cursor.next()) {
      Object[] row = cursor.row();
      if (row.length != query.types().length()) {
        throw new SQLException(row.length + " columns instead of " + query.types().length());
      }
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < row.length; i++) {
        texts.add(text(row[i], query.types().charAt(i)));
      }
      answer.rows.add(texts);
    }
    return answer;
  }

  private static String text(Object value, char type) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case 'I' -> String.valueOf(integer(value));
      case 'R' -> String.format(Locale.ROOT, "%.3f", value instanceof Number number ? number.doubleValue() : number(value).doubleValue());
      default -> printable(value.toString());
    };
  }

  /** SQLite cuts what comes after the point. */
  private static long integer(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? 1 : 0;
      case Number number -> number.longValue();
      default -> number(value).longValue();
    };
  }

  /** Of text the number that it begins with; 0 if none. */
  private static BigDecimal number(Object value) {
    String digits = value.toString().replaceFirst("(?s)^\\s*([+-]?\\d*(\\.\\d+)?).*$", "$1");
    return digits.matches(".*\\d.*") ? new BigDecimal(digits) : BigDecimal.ZERO;
  }

  private static String printable(String text) {
    return text.isEmpty() ? "(empty)" : text.replaceAll("[^ -~]", "@");
  }

  /** What is wrong with it, in a line; null if nothing is. */
  String difference() {
    List<String> values = values();
    if (values.size() != query.count()) {
      return values.size() + " values instead of " + query.count();
    }
    if (query.hash() != null) {
      return query.hash().equals(hash(values)) ? null : "other values";
    }
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).equals(query.expected().get(i))) {
        return "value " + (i + 1) + " is " + values.get(i) + " instead of " + query.expected().get(i);
      }
    }
    return null;
  }

  private List<String> values() {
    if (query.order() == SqlLogicRecord.Order.ROWSORT) {
      rows.sort((left, right) -> {
        int order = 0;
        for (int i = 0; order == 0 && i < left.size(); i++) {
          order = left.get(i).compareTo(right.get(i));
        }
        return order;
      });
    }
    List<String> values = new ArrayList<>();
    rows.forEach(values::addAll);
    if (query.order() == SqlLogicRecord.Order.VALUESORT) {
      values.sort(Comparator.naturalOrder());
    }
    return values;
  }

  private static String hash(List<String> values) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      values.forEach(value -> md5.update((value + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
