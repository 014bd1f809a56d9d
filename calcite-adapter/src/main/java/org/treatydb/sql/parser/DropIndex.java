package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlDrop;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** DROP INDEX [IF EXISTS] name, …. Immutable. */
public final class DropIndex extends SqlDrop {

  private static final SqlOperator OPERATOR = new NodeOperator("DROP INDEX", SqlKind.DROP_INDEX, (position, operands) ->
      new DropIndex(position, (SqlNodeList) operands[0], ((SqlLiteral) operands[1]).booleanValue()));

  private final SqlNodeList names;

  DropIndex(SqlParserPos position, SqlNodeList names, boolean ifExists) {
    super(OPERATOR, position, ifExists);
    this.names = names;
  }

  /** The indexes, with their schemas where one was written. */
  public List<SqlIdentifier> names() {
    return names.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** Whether an index that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(names, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "DROP INDEX IF EXISTS" : "DROP INDEX");
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode name : names) {
      writer.sep(",");
      name.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
