package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** MERGE INTO table [AS alias] USING source ON condition WHEN …. Immutable. */
public final class MergeStatement extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("MERGE", SqlKind.OTHER, (position, operands) -> new MergeStatement(
      position, (SqlIdentifier) operands[0], (SqlIdentifier) operands[1], operands[2], operands[3], (SqlNodeList) operands[4]));

  private final SqlIdentifier table;
  private final SqlIdentifier alias;
  private final SqlNode source;
  private final SqlNode condition;
  private final SqlNodeList clauses;

  MergeStatement(SqlParserPos position, SqlIdentifier table, SqlIdentifier alias, SqlNode source, SqlNode condition, SqlNodeList clauses) {
    super(position);
    this.table = table;
    this.alias = alias;
    this.source = source;
    this.condition = condition;
    this.clauses = clauses;
  }

  /** The target, with its schema if one was written. */
  public SqlIdentifier table() {
    return table;
  }

  /** The name by which expressions know the target. */
  public String alias() {
    return alias == null ? table.names.getLast() : alias.getSimple();
  }

  /** What stands after USING. */
  public SqlNode source() {
    return source;
  }

  /** Which rows of source and target belong together. */
  public SqlNode condition() {
    return condition;
  }

  /** In the order written; one at least. */
  public List<MergeClause> clauses() {
    return clauses.stream().map(MergeClause.class::cast).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(table, alias, source, condition, clauses);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("MERGE INTO");
    table.unparse(writer, 0, 0);
    if (alias != null) {
      writer.keyword("AS");
      alias.unparse(writer, 0, 0);
    }
    writer.keyword("USING");
    SqlWriter.Frame frame = writer.startList(SqlWriter.FrameTypeEnum.FROM_LIST);
    source.unparse(writer, 0, 0);
    writer.endList(frame);
    writer.keyword("ON");
    condition.unparse(writer, 0, 0);
    clauses.forEach(clause -> clause.unparse(writer, 0, 0));
  }
}
