package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/** COMMENT ON TABLE, VIEW or COLUMN name IS 'text' or NULL. Immutable. */
public final class CommentStatement extends SqlCall {

  /** What is commented. */
  public enum Kind { TABLE, VIEW, COLUMN }

  private static final SqlOperator OPERATOR = new NodeOperator("COMMENT ON", SqlKind.OTHER_DDL, (position, operands) ->
      new CommentStatement(
          position, ((SqlLiteral) operands[0]).symbolValue(Kind.class), (SqlIdentifier) operands[1], operands[2]));

  private final Kind kind;
  private final SqlIdentifier name;
  private final SqlNode comment;

  CommentStatement(SqlParserPos position, Kind kind, SqlIdentifier name, SqlNode comment) {
    super(position);
    this.kind = kind;
    this.name = name;
    this.comment = comment;
  }

  public Kind kind() {
    return kind;
  }

  /** The table, view or column, with table and schema where they were written. */
  public SqlIdentifier name() {
    return name;
  }

  /** The comment; null to have none any more. */
  public String comment() {
    return comment == null ? null : ((SqlLiteral) comment).getValueAs(NlsString.class).getValue();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(SqlLiteral.createSymbol(kind, SqlParserPos.ZERO), name, comment);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("COMMENT ON " + kind);
    name.unparse(writer, 0, 0);
    writer.keyword("IS");
    if (comment == null) {
      writer.keyword("NULL");
    } else {
      comment.unparse(writer, 0, 0);
    }
  }
}
