package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SET SESSION CHARACTERISTICS AS TRANSACTION, with the modes of the transactions to come. Immutable. */
public final class SessionCharacteristics extends SqlCall {

  private static final String KEYWORDS = "SET SESSION CHARACTERISTICS AS TRANSACTION";

  private static final SqlOperator OPERATOR = new NodeOperator(
      KEYWORDS, SqlKind.OTHER, (position, operands) -> new SessionCharacteristics(position, new TransactionModes(operands)));

  private final TransactionModes modes;

  SessionCharacteristics(SqlParserPos position, TransactionModes modes) {
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
    writer.keyword(KEYWORDS);
    modes.unparse(writer);
  }
}
