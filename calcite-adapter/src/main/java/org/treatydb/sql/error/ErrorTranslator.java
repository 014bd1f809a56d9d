package org.treatydb.sql.error;

import java.sql.SQLException;
import java.util.regex.PatternSyntaxException;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.KvException;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.type.MalformedEncodingException;

/**
 * The statement boundary: whatever was thrown while a statement was parsed, planned or run becomes an {@link SQLException} here, and only
 * here. Calcite throws {@link AssertionError}s and bare {@link RuntimeException}s for user errors, so every {@link Throwable} is taken;
 * what is not understood becomes XX000 and is logged. An integrity violation always stays XX001, however deep it is wrapped.
 */
public final class ErrorTranslator {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorTranslator.class);

  private static final int CAUSES_MAX = 16;
  private static final int LOGGED_FRAMES_MAX = 8;
  private static final int MESSAGE_LENGTH_MAX = 200;

  /** In the message of the compiler of generated code, when a method exceeds what the JVM allows. */
  private static final String METHOD_TOO_LARGE = "grows beyond 64 KB";

  /** What Calcite's JSON functions throw; their library is there at run time only. */
  private static final String INVALID_JSON = "com.jayway.jsonpath.InvalidJsonException";
  private static final String PATH_NOT_FOUND = "com.jayway.jsonpath.PathNotFoundException";

  private ErrorTranslator() {}

  /** The {@link SQLException} for {@code thrown}; never null. */
  public static SQLException translate(Throwable thrown) {
    SQLException known = known(thrown);
    if (known != null) {
      return known;
    }
    log("A statement failed with an internal error", thrown);
    String what = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : firstLine(thrown.getMessage());
    String shown = what.length() <= MESSAGE_LENGTH_MAX ? what : what.substring(0, MESSAGE_LENGTH_MAX) + "…";
    return SqlErrors.of(SqlState.INTERNAL_ERROR.code(), "Internal error: " + shown, thrown);
  }

  /**
   * The {@link SQLException} for what was thrown while a statement was planned. Calcite fails with assertions and bare exceptions where it
   * does not foresee a combination of types; what is not understood is therefore 0A000 here, and logged.
   */
  public static SQLException translatePlanning(Throwable thrown) {
    SQLException known = known(thrown);
    if (known != null) {
      return known;
    }
    log("A statement could not be planned", thrown);
    return SqlErrors.of(SqlState.FEATURE_NOT_SUPPORTED.code(),
        "The statement combines types, functions or clauses in a way that is not supported.", thrown);
  }

  /**
   * Writes what was thrown to the log, without its messages: Calcite's hold plans and generated code, and so the literals of statements,
   * which are the users' data. Debugging shows them.
   */
  private static void log(String what, Throwable thrown) {
    StringBuilder trace = new StringBuilder();
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < CAUSES_MAX; t = t.getCause(), depth++) {
      trace.append(depth == 0 ? "" : " caused by ").append(t.getClass().getName());
      for (int i = 0; i < Math.min(LOGGED_FRAMES_MAX, t.getStackTrace().length); i++) {
        trace.append("\n\tat ").append(t.getStackTrace()[i]);
      }
    }
    LOG.error("{}: {}", what, trace);
    LOG.debug("What was thrown", thrown);
  }

  /** The SQLException of a store's failure. */
  public static SQLException translate(KvException e) {
    String message = e.getMessage() == null ? e.code().name() : e.getMessage();
    return SqlErrors.of(e.code().sqlState(), message, e);
  }

  private static SQLException known(Throwable thrown) {
    SQLException byType = null;
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < CAUSES_MAX; t = t.getCause(), depth++) {
      if (t instanceof KvException e) {
        return translate(e);
      }
      if (String.valueOf(t.getMessage()).contains(METHOD_TOO_LARGE)) {
        return SqlErrors.of(SqlState.STATEMENT_TOO_COMPLEX, "The statement is too large; shorten its lists and conditions.");
      }
      if (t instanceof MalformedEncodingException) {
        log("The store returned what this version did not write", thrown);
        return SqlErrors.of(SqlState.INTEGRITY_VIOLATION.code(), "Stored data cannot be read: " + t.getMessage() + ".", t);
      }
      byType = byType == null ? ofOne(t) : byType;
    }
    return byType;
  }

  private static SQLException ofOne(Throwable t) {
    return switch (t) {
      case SQLException e when e.getSQLState() != null -> e;
      case SqlFailure e -> SqlErrors.of(e.state().code(), e.getMessage(), e.getCause());
      case SqlParseException e -> SqlErrors.of(SqlState.SYNTAX_ERROR, parseMessage(e));
      case CalciteContextException e -> inContext(e);
      case SqlValidatorException e -> of(CalciteMessages.ofValidation(String.valueOf(e.getMessage())));
      case CalciteException e -> calcite(e);
      case PatternSyntaxException e -> SqlErrors.of(SqlState.INVALID_REGULAR_EXPRESSION, "A pattern is no regular expression.");
      case Throwable json when json.getClass().getName().equals(INVALID_JSON) ->
          SqlErrors.of(SqlState.INVALID_JSON_TEXT, "A text is not valid JSON.");
      case Throwable json when json.getClass().getName().equals(PATH_NOT_FOUND) ->
          SqlErrors.of(SqlState.NO_JSON_ITEM, "A path leads to nothing in a JSON text.");
      case NumberFormatException e -> SqlErrors.of(SqlState.INVALID_CHARACTER_VALUE, numberMessage(e));
      case ArithmeticException e -> arithmetic(e);
      case StackOverflowError e -> SqlErrors.of(SqlState.STATEMENT_TOO_COMPLEX, "The statement is nested too deeply.");
      case OutOfMemoryError e -> SqlErrors.of(SqlState.OUT_OF_MEMORY.code(), "The statement needs more memory than there is.", e);
      default -> of(CalciteMessages.ofExecution(String.valueOf(t.getMessage())));
    };
  }

  private static SQLException of(CalciteMessages.Meaning meaning) {
    return meaning == null ? null : SqlErrors.of(meaning.state(), meaning.sentence());
  }

  private static SQLException inContext(CalciteContextException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = String.valueOf(cause.getMessage());
    CalciteMessages.Meaning execution = CalciteMessages.ofExecution(message);
    SQLException result = of(execution != null ? execution : CalciteMessages.ofValidation(message));
    if (e.getPosLine() <= 0) {
      return result;
    }
    String where = " (line " + e.getPosLine() + ", column " + e.getPosColumn() + ")";
    String sentence = result.getMessage();
    String located = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) + where + "." : sentence + where;
    return SqlErrors.of(result.getSQLState(), located, null);
  }

  private static SQLException calcite(CalciteException e) {
    String message = String.valueOf(e.getMessage());
    CalciteMessages.Meaning execution = CalciteMessages.ofExecution(message);
    return of(execution != null ? execution : CalciteMessages.ofValidation(message));
  }

  private static SQLException arithmetic(ArithmeticException e) {
    CalciteMessages.Meaning meaning = CalciteMessages.ofExecution(String.valueOf(e.getMessage()));
    return meaning != null ? of(meaning) : SqlErrors.of(SqlState.NUMERIC_OUT_OF_RANGE, "A number is out of the range of its type.");
  }

  private static String numberMessage(NumberFormatException e) {
    String message = e.getMessage();
    String quoting = "For input string: ";
    return message == null || !message.startsWith(quoting + '"')
        ? "A character string is not a number." : message.substring(quoting.length()) + " is not a number.";
  }

  /** Calcite's message up to its list of expected tokens. */
  private static String parseMessage(SqlParseException e) {
    String message = String.valueOf(e.getMessage()).strip();
    int expecting = message.indexOf("Was expecting");
    String head = expecting < 0 ? message : message.substring(0, expecting);
    String line = head.strip().replaceAll("\\s*\\R\\s*", " ");
    return "Syntax error: " + (line.isEmpty() ? firstLine(message) : line);
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElse("");
  }
}
