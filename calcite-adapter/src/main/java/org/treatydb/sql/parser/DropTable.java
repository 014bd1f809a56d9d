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

/** DROP TABLE [IF EXISTS] name, … [CASCADE | RESTRICT]. Immutable. */
public final class DropTable extends SqlDrop {

  private static final SqlOperator OPERATOR = new NodeOperator("DROP TABLE", SqlKind.DROP_TABLE, (position, operands) -> new DropTable(
      position, (SqlNodeList) operands[0], ((SqlLiteral) operands[1]).booleanValue(), ((SqlLiteral) operands[2]).booleanValue()));

  private final SqlNodeList names;
  private final boolean cascade;

  DropTable(SqlParserPos position, SqlNodeList names, boolean ifExists, boolean cascade) {
    super(OPERATOR, position, ifExists);
    this.names = names;
    this.cascade = cascade;
  }

  /** The tables, with their schemas where one was written. */
  public List<SqlIdentifier> names() {
    return names.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** Whether a table that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  /** Whether what depends on the tables goes with them; otherwise its existence is an error. */
  public boolean cascade() {
    return cascade;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(names, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO), SqlLiteral.createBoolean(cascade, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "DROP TABLE IF EXISTS" : "DROP TABLE");
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode name : names) {
      writer.sep(",");
      name.unparse(writer, 0, 0);
    }
    writer.endList(frame);
    if (cascade) {
      writer.keyword("CASCADE");
    }
  }
}
