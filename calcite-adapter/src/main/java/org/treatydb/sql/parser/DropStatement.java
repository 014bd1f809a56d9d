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

/** DROP SCHEMA, VIEW, SEQUENCE, USER or ROLE [IF EXISTS] name, … [CASCADE | RESTRICT]. Immutable. */
public final class DropStatement extends SqlDrop {

  /** What is dropped. */
  public enum Kind { SCHEMA, VIEW, SEQUENCE, USER, ROLE }

  private static final SqlOperator OPERATOR = new NodeOperator("DROP", SqlKind.OTHER_DDL, (position, operands) -> new DropStatement(
      position, ((SqlLiteral) operands[0]).symbolValue(Kind.class), (SqlNodeList) operands[1], ((SqlLiteral) operands[2]).booleanValue(),
      ((SqlLiteral) operands[3]).booleanValue()));

  private final Kind kind;
  private final SqlNodeList names;
  private final boolean cascade;

  DropStatement(SqlParserPos position, Kind kind, SqlNodeList names, boolean ifExists, boolean cascade) {
    super(OPERATOR, position, ifExists);
    this.kind = kind;
    this.names = names;
    this.cascade = cascade;
  }

  public Kind kind() {
    return kind;
  }

  /** What is dropped, with schemas where one was written. */
  public List<SqlIdentifier> names() {
    return names.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** Whether something that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  /** Whether what depends on it goes with it; otherwise its existence is an error. */
  public boolean cascade() {
    return cascade;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(SqlLiteral.createSymbol(kind, SqlParserPos.ZERO), names, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO),
        SqlLiteral.createBoolean(cascade, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("DROP " + kind + (ifExists ? " IF EXISTS" : ""));
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
