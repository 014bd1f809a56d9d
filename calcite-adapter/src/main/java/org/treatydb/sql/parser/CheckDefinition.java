package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** [CONSTRAINT name] CHECK (condition), as an element of CREATE TABLE, or of ALTER TABLE. Immutable. */
public final class CheckDefinition extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("CHECK", SqlKind.CHECK, (position, operands) ->
      new CheckDefinition(position, (SqlIdentifier) operands[0], operands[1]));

  private final SqlIdentifier name;
  private final SqlNode condition;

  CheckDefinition(SqlParserPos position, SqlIdentifier name, SqlNode condition) {
    super(position);
    this.name = name;
    this.condition = condition;
  }

  /** The name given to it; null if none. */
  public String name() {
    return name == null ? null : name.getSimple();
  }

  public SqlNode condition() {
    return condition;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, condition);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    if (name != null) {
      writer.keyword("CONSTRAINT");
      name.unparse(writer, 0, 0);
    }
    writer.keyword("CHECK");
    SqlWriter.Frame frame = writer.startList("(", ")");
    condition.unparse(writer, 0, 0);
    writer.endList(frame);
  }
}
