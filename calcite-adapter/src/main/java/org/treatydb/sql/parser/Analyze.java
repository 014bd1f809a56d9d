package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ANALYZE [table, …]. Immutable. */
public final class Analyze extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ANALYZE", SqlKind.OTHER_DDL, (position, operands) ->
      new Analyze(position, (SqlNodeList) operands[0]));

  private final SqlNodeList tables;

  Analyze(SqlParserPos position, SqlNodeList tables) {
    super(position);
    this.tables = tables;
  }

  /** The tables, with their schemas where one was written; none for all tables. */
  public List<SqlIdentifier> tables() {
    return tables.stream().map(SqlIdentifier.class::cast).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(tables);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("ANALYZE");
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode table : tables) {
      writer.sep(",");
      table.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
