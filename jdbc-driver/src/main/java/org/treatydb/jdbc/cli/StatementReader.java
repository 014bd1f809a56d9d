package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.Reader;

/**
 * Cuts a script into statements, at the semicolons that are not part of a string, a quoted name or a comment. The last statement may lack
 * its semicolon. Not thread-safe.
 */
final class StatementReader {

  private static final int END = -1;

  private final Reader reader;
  private int ahead;
  private int line = 1;
  private int statementLine;
  private boolean hasCode;

  StatementReader(Reader reader) throws IOException {
    this.reader = reader;
    this.ahead = reader.read();
  }

  /** The next statement, without its semicolon; null when there is none. */
  String next() throws IOException {
    StringBuilder text = new StringBuilder();
    hasCode = false;
    while (ahead != END) {
      int c = take();
      if (c == ';') {
        if (hasCode) {
          return text.toString().strip();
        }
        text.setLength(0);
      } else if (c == '-' && ahead == '-') {
        skipLine();
        text.append('\n');
      } else if (c == '/' && ahead == '*') {
        skipComment();
        text.append(' ');
      } else {
        append(text, c);
      }
    }
    return hasCode ? text.toString().strip() : null;
  }

  /** The line, counted from 1, at which the last statement begins. */
  int statementLine() {
    return statementLine;
  }

  private void append(StringBuilder text, int c) throws IOException {
    if (!hasCode && !Character.isWhitespace(c)) {
      hasCode = true;
      statementLine = line;
    }
    text.append((char) c);
    if (c == '\'' || c == '"') {
      while (ahead != END) {
        int inner = take();
        text.append((char) inner);
        if (inner == c) {
          return;
        }
      }
    }
  }

  private void skipLine() throws IOException {
    while (ahead != END && ahead != '\n') {
      take();
    }
  }

  private void skipComment() throws IOException {
    take();
    int before = 0;
    while (ahead != END) {
      int c = take();
      if (before == '*' && c == '/') {
        return;
      }
      before = c;
    }
  }

  private int take() throws IOException {
    int c = ahead;
    if (c == '\n') {
      line++;
    }
    ahead = reader.read();
    return c;
  }
}
