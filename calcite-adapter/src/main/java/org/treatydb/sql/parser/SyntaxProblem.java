package org.treatydb.sql.parser;

import org.apache.calcite.sql.parser.SqlParserPos;

/** What the grammar alone does not catch, such as a clause given twice; thrown within the generated parser, caught around it. */
final class SyntaxProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient SqlParserPos position;

  SyntaxProblem(SqlParserPos position, String message) {
    super(message);
    this.position = position;
  }

  SqlParserPos position() {
    return position;
  }
}
