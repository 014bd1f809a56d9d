package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** EXPLAIN [ANALYZE] of a statement. Immutable. */
public final class ExplainStatement extends SqlCall {

  private static final SqlOperator EXPLAIN =
      new NodeOperator("EXPLAIN", SqlKind.OTHER, (position, operands) -> new ExplainStatement(position, false, operands[0]));

  private static final SqlOperator EXPLAIN_ANALYZE =
      new NodeOperator("EXPLAIN ANALYZE", SqlKind.OTHER, (position, operands) -> new ExplainStatement(position, true, operands[0]));

  private final boolean analyze;
  private final SqlNode statement;

  ExplainStatement(SqlParserPos position, boolean analyze, SqlNode statement) {
    super(position);
    this.analyze = analyze;
    this.statement = statement;
  }

  /** Whether to run the statement, too. */
  public boolean analyze() {
    return analyze;
  }

  /** The statement to explain. */
  public SqlNode statement() {
    return statement;
  }

  @Override
  public SqlOperator getOperator() {
    return analyze ? EXPLAIN_ANALYZE : EXPLAIN;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(statement);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getOperator().getName());
    statement.unparse(writer, 0, 0);
  }
}
