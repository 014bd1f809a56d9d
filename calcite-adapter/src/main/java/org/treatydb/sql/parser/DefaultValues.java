package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DEFAULT VALUES, as the source of INSERT: one row in which each column has its DEFAULT. Immutable. */
public final class DefaultValues extends SqlCall {

  private static final SqlOperator OPERATOR =
      new NodeOperator("DEFAULT VALUES", SqlKind.OTHER, (position, _) -> new DefaultValues(position));

  DefaultValues(SqlParserPos position) {
    super(position);
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("DEFAULT VALUES");
  }
}
