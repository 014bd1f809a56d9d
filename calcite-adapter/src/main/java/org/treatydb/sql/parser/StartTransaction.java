package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** START TRANSACTION or BEGIN [WORK | TRANSACTION], with modes. Immutable. */
public final class StartTransaction extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator(
      "START TRANSACTION", SqlKind.OTHER, (position, operands) -> new StartTransaction(position, new TransactionModes(operands)));

  private final TransactionModes modes;

  StartTransaction(SqlParserPos position, TransactionModes modes) {
    super(position);
    this.modes = modes;
  }

  public TransactionModes modes() {
    return modes;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return modes.operands();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("START TRANSACTION");
    modes.unparse(writer);
  }
}
