package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A query followed by FOR UPDATE: its reads lock exclusively. Only whole statements have it, not subqueries. Immutable. */
public final class SelectForUpdate extends SqlCall {

  private static final SqlOperator OPERATOR =
      new NodeOperator("FOR UPDATE", SqlKind.OTHER, (position, operands) -> new SelectForUpdate(position, operands[0]));

  private final SqlNode query;

  SelectForUpdate(SqlParserPos position, SqlNode query) {
    super(position);
    this.query = query;
  }

  /** The query without FOR UPDATE. */
  public SqlNode query() {
    return query;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(query);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    query.unparse(writer, 0, 0);
    writer.newlineAndIndent();
    writer.keyword("FOR UPDATE");
  }
}
