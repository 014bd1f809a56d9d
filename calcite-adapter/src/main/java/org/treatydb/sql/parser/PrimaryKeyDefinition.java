package org.treatydb.sql.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/** [CONSTRAINT name] PRIMARY KEY (columns), as an element of CREATE TABLE. Immutable. */
final class PrimaryKeyDefinition extends KeyDefinition {

  static final String KEYWORD = "PRIMARY KEY";

  private static final SqlOperator OPERATOR = new NodeOperator(KEYWORD, SqlKind.PRIMARY_KEY, (position, operands) ->
      new PrimaryKeyDefinition(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1]));

  PrimaryKeyDefinition(SqlParserPos position, SqlIdentifier name, SqlNodeList columns) {
    super(position, name, columns);
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }
}
