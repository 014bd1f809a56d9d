package org.treatydb.sql.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/** [CONSTRAINT name] UNIQUE (columns), as an element of CREATE TABLE, or of ALTER TABLE. Immutable. */
public final class UniqueDefinition extends KeyDefinition {

  static final String KEYWORD = "UNIQUE";

  private static final SqlOperator OPERATOR = new NodeOperator(KEYWORD, SqlKind.UNIQUE, (position, operands) ->
      new UniqueDefinition(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1]));

  UniqueDefinition(SqlParserPos position, SqlIdentifier name, SqlNodeList columns) {
    super(position, name, columns);
  }

  /** What it asks for. */
  public UniqueConstraint constraint() {
    return new UniqueConstraint(name(), columns());
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }
}
