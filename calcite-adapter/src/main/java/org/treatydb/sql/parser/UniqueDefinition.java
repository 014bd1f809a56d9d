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

/** [CONSTRAINT name] UNIQUE (columns), as an element of CREATE TABLE. Immutable. */
final class UniqueDefinition extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("UNIQUE", SqlKind.UNIQUE, (position, operands) ->
      new UniqueDefinition(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1]));

  private final SqlIdentifier name;
  private final SqlNodeList columns;

  UniqueDefinition(SqlParserPos position, SqlIdentifier name, SqlNodeList columns) {
    super(position);
    this.name = name;
    this.columns = columns;
  }

  /** What it asks for. */
  UniqueConstraint constraint() {
    return new UniqueConstraint(
        name == null ? null : name.getSimple(), columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList());
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, columns);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    unparse(writer, name);
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode column : columns) {
      writer.sep(",");
      column.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }

  static void unparse(SqlWriter writer, SqlIdentifier name) {
    if (name != null) {
      writer.keyword("CONSTRAINT");
      name.unparse(writer, 0, 0);
    }
    writer.keyword("UNIQUE");
  }
}
