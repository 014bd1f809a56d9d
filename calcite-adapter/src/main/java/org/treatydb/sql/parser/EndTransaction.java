package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** COMMIT or END, ROLLBACK or ABORT, each with an optional WORK or TRANSACTION. Immutable. */
public final class EndTransaction extends SqlCall {

  private static final SqlOperator COMMIT =
      new NodeOperator("COMMIT", SqlKind.COMMIT, (position, _) -> new EndTransaction(position, true));

  private static final SqlOperator ROLLBACK =
      new NodeOperator("ROLLBACK", SqlKind.ROLLBACK, (position, _) -> new EndTransaction(position, false));

  private final boolean commit;

  EndTransaction(SqlParserPos position, boolean commit) {
    super(position);
    this.commit = commit;
  }

  /** True for COMMIT, false for ROLLBACK. */
  public boolean isCommit() {
    return commit;
  }

  @Override
  public SqlOperator getOperator() {
    return commit ? COMMIT : ROLLBACK;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getOperator().getName());
  }
}
