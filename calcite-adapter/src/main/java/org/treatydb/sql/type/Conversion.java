package org.treatydb.sql.type;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import org.treatydb.sql.api.SqlState;

/** One conversion under way: the type aimed at, and what it is for; makes its errors. */
record Conversion(ColumnType type, String what) {

  private static final int SHOWN_CHARACTERS_MAX = 60;

  SQLException outOfRange(String value) {
    return error(SqlState.NUMERIC_OUT_OF_RANGE, shown(value) + " is out of range for " + type);
  }

  SQLException hasFraction(String value) {
    return error(SqlState.NUMERIC_OUT_OF_RANGE, shown(value) + " has a fraction, which " + type + " does not hold");
  }

  SQLException invalid(SqlState state, String text) {
    return error(state, "'" + shown(text) + "' is not a valid " + type);
  }

  SQLException mismatch(Object value) {
    String given = value instanceof byte[] ? "byte[]" : value.getClass().getName();
    return new SQLSyntaxErrorException(what + ": a " + given + " does not convert to " + type, SqlState.TYPE_MISMATCH.code());
  }

  SQLException error(SqlState state, String sentence) {
    return new SQLDataException(what + ": " + sentence, state.code());
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_CHARACTERS_MAX ? text : text.substring(0, SHOWN_CHARACTERS_MAX) + "…";
  }
}
