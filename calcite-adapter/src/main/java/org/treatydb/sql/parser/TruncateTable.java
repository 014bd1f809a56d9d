package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** TRUNCATE [TABLE] name, … [RESTART IDENTITY | CONTINUE IDENTITY] [CASCADE | RESTRICT]. Immutable. */
public final class TruncateTable extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("TRUNCATE TABLE", SqlKind.TRUNCATE_TABLE, (position, operands) ->
      new TruncateTable(position, (SqlNodeList) operands[0], ((SqlLiteral) operands[1]).booleanValue(),
          ((SqlLiteral) operands[2]).booleanValue()));

  private final SqlNodeList names;
  private final boolean restart;
  private final boolean cascade;

  TruncateTable(SqlParserPos position, SqlNodeList names, boolean restart, boolean cascade) {
    super(position);
    this.names = names;
    this.restart = restart;
    this.cascade = cascade;
  }

  /** The tables, with their schemas where one was written. */
  public List<SqlIdentifier> names() {
    return names.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** Whether identity columns begin again. */
  public boolean restartsIdentity() {
    return restart;
  }

  /** Whether tables that refer to these are emptied, too; otherwise their existence is an error. */
  public boolean cascade() {
    return cascade;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(names, SqlLiteral.createBoolean(restart, SqlParserPos.ZERO), SqlLiteral.createBoolean(cascade, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("TRUNCATE TABLE");
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode name : names) {
      writer.sep(",");
      name.unparse(writer, 0, 0);
    }
    writer.endList(frame);
    if (restart) {
      writer.keyword("RESTART IDENTITY");
    }
    if (cascade) {
      writer.keyword("CASCADE");
    }
  }
}
