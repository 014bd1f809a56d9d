package org.treatydb.sql.conformance;

import java.util.regex.Pattern;
import org.treatydb.sql.conformance.SqlLogicRun.Failure;

/** What we do otherwise than the corpus wants, and why. {@code docs/conformance.md} has the same list. */
enum SqlLogicDeviation {

  DIVISION_BY_ZERO("division by zero is an error, as in the standard; SQLite gives NULL", ".*", "22012 .*", ".*"),
  OVERFLOW("a number out of the range of its type is an error, as in the standard; SQLite gives a floating-point number",
      ".*", "22003 .*", ".*"),
  NOT_GROUPED("a column that is neither grouped by nor aggregated is an error, as in the standard; SQLite takes it of any row",
      ".*", "42803 .*", ".*GROUP BY.*"),
  TEXT_AS_NUMBER("the text of a column that is no number has no sign, as in the standard; in SQLite it has",
      ".*", "22018 .*", ".*[-+][\\s(]*(\\w+\\s*\\.\\s*)?col[25].*"),
  TRIGGER("there are no triggers, and SQLite's are not the standard's", ".*trigger\\.test", "42601 .*", "(CREATE|DROP)\\s+TRIGGER.*"),
  EMPTY_LIST("IN () is SQLite's; in the standard a list has a value", "evidence/in2\\.test", "42601 .*", ".*IN \\(\\)\\s*"),
  BINARY_AND_TEXT("binary strings and character strings are not compared", "evidence/in1\\.test", "42804 .*", "SELECT x'.*"),
  REINDEX("REINDEX is SQLite's", "evidence/slt_lang_reindex\\.test", "42601 .*", "REINDEX.*"),
  REPLACE("INSERT OR REPLACE and REPLACE are SQLite's; we have ON CONFLICT and MERGE", "evidence/slt_lang_replace\\.test", ".*", ".*"),
  ASSIGNED_TWICE("UPDATE assigns a column once, as in the standard; in SQLite the last assignment counts",
      "evidence/slt_lang_update\\.test", "42701 .*|value 1 is .*", "UPDATE t1 SET x=3, x=4, x=5\\s*|SELECT count.* WHERE x=[45]\\s*");

  private final String reason;
  private final Pattern file;
  private final Pattern what;
  private final Pattern sql;

  SqlLogicDeviation(String reason, String file, String what, String sql) {
    this.reason = reason;
    this.file = Pattern.compile(file);
    this.what = Pattern.compile(what, Pattern.DOTALL);
    this.sql = Pattern.compile(sql, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  }

  String reason() {
    return reason;
  }

  /** The deviation that {@code failure} is one of; null if none. */
  static SqlLogicDeviation of(Failure failure) {
    for (SqlLogicDeviation deviation : values()) {
      if (deviation.file.matcher(failure.script().name()).matches() && deviation.what.matcher(failure.what()).matches()
          && deviation.sql.matcher(failure.sql().sql()).matches()) {
        return deviation;
      }
    }
    return null;
  }
}
