package org.treatydb.sql.parser;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;

/** Makes one readable sentence of what the generated parser throws, instead of its list of every token that could have followed. */
final class SyntaxErrors {

  private static final int TOKEN_LENGTH_MAX = 60;

  private static final Pattern LEXICAL =
      Pattern.compile("Lexical error at line (\\d+), column (\\d+)\\.\\s+Encountered: (.*)", Pattern.DOTALL);
  private static final Pattern POSITION = Pattern.compile("\\s*(?:From|At|at) line \\d+, column \\d+(?: to line \\d+, column \\d+)?:?\\s*");

  private SyntaxErrors() {}

  static SQLException of(SqlParseException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SyntaxProblem problem -> {
          return at(problem.position(), problem.getMessage());
        }
        case ParseException unexpected when unexpected.currentToken != null -> {
          return unexpected(unexpected);
        }
        case TokenMgrError lexical -> {
          return lexical(lexical);
        }
        case StackOverflowError _ -> {
          return new SQLSyntaxErrorException("the statement is nested too deeply", SqlState.STATEMENT_TOO_COMPLEX.code());
        }
        default -> {
          // Some other wrapper; what it wraps may tell.
        }
      }
    }
    if (e.getMessage() != null && e.getMessage().startsWith("Non-query expression")) {
      return at(e.getPos(), "a statement or a query is expected here");
    }
    String sentence = e.getMessage() == null ? "the statement cannot be parsed" : e.getMessage().lines().findFirst().orElse("");
    SqlState state = sentence.contains("Length of identifier") ? SqlState.NAME_TOO_LONG : SqlState.SYNTAX_ERROR;
    return at(e.getPos(), state, POSITION.matcher(sentence).replaceAll(""));
  }

  static SQLException at(SqlParserPos position, String sentence) {
    return at(position, SqlState.SYNTAX_ERROR, sentence);
  }

  private static SQLException at(SqlParserPos position, SqlState state, String sentence) {
    String where = position == null || position.getLineNum() == 0
        ? "" : " (line " + position.getLineNum() + ", column " + position.getColumnNum() + ")";
    return new SQLSyntaxErrorException(sentence + where, state.code());
  }

  private static SQLException unexpected(ParseException e) {
    Token token = e.currentToken.next;
    boolean expectsName = expects(e, GeneratedParserConstants.IDENTIFIER);
    // The parser looks two words ahead: where the first is as expected, it is the second that it could not use.
    if (token.next != null && expects(e, token.kind)) {
      expectsName = expects(e, token.kind, GeneratedParserConstants.IDENTIFIER);
      token = token.next;
    }
    SqlParserPos position = new SqlParserPos(token.beginLine, token.beginColumn);
    if (token.kind == GeneratedParserConstants.EOF) {
      return at(position, "syntax error at the end of the statement");
    }
    String word = token.image.length() <= TOKEN_LENGTH_MAX ? token.image : token.image.substring(0, TOKEN_LENGTH_MAX) + "…";
    if (word.equals("'") || word.equals("\"")) {
      return at(position, "the quote that opens here is not closed");
    }
    boolean reserved = expectsName && word.matches("[A-Za-z_]+");
    return at(position, "syntax error at " + word + (reserved ? ", a reserved word; as a name it needs double quotes" : ""));
  }

  /** Whether the parser could have gone on with these kinds of tokens. */
  private static boolean expects(ParseException e, int... kinds) {
    for (int[] sequence : e.expectedTokenSequences) {
      if (sequence.length >= kinds.length && Arrays.equals(sequence, 0, kinds.length, kinds, 0, kinds.length)) {
        return true;
      }
    }
    return false;
  }

  private static SQLException lexical(TokenMgrError e) {
    Matcher parts = LEXICAL.matcher(e.getMessage());
    if (!parts.matches()) {
      return at(null, "a character that SQL has no use for");
    }
    SqlParserPos position = new SqlParserPos(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    return parts.group(3).startsWith("<EOF>")
        ? at(position, "the statement ends within a quoted text or a comment")
        : at(position, "syntax error at the character " + parts.group(3).replaceFirst("(?s)^\"(.*?)\" \\(\\d+\\).*", "$1"));
  }
}
