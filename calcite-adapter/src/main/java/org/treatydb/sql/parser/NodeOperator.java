package org.treatydb.sql.parser;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The operator of a statement node: makes a node of the same class from its operands, as Calcite's visitors and {@code clone} need. */
final class NodeOperator extends SqlSpecialOperator {

  /** Makes a node from its operands, in the order in which the node lists them. */
  interface Maker {
    SqlCall make(SqlParserPos position, SqlNode[] operands);
  }

  private final Maker maker;

  NodeOperator(String name, SqlKind kind, Maker maker) {
    super(name, kind);
    this.maker = maker;
  }

  @Override
  public SqlCall createCall(SqlLiteral functionQualifier, SqlParserPos pos, SqlNode... operands) {
    return maker.make(pos, operands);
  }
}
