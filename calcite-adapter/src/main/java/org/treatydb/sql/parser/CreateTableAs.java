package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** CREATE TABLE [IF NOT EXISTS] name [(columns)] AS query [WITH [NO] DATA]. Immutable. */
public final class CreateTableAs extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE TABLE AS", SqlKind.CREATE_TABLE, (position, operands) ->
      new CreateTableAs(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1], operands[2],
          ((SqlLiteral) operands[3]).booleanValue(), ((SqlLiteral) operands[4]).booleanValue()));

  private final SqlIdentifier name;
  private final SqlNodeList columns;
  private final SqlNode query;
  private final boolean data;

  CreateTableAs(SqlParserPos position, SqlIdentifier name, SqlNodeList columns, SqlNode query, boolean ifNotExists, boolean data) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
    this.columns = columns;
    this.query = query;
    this.data = data;
  }

  /** The table's name, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  /** The names given to the columns, in order; null if none are given. */
  public List<String> columns() {
    return names(columns);
  }

  static List<String> names(SqlNodeList columns) {
    return columns == null ? null : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  public SqlNode query() {
    return query;
  }

  /** Whether a relation that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** Whether the query's rows go into the table. */
  public boolean withData() {
    return data;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, columns, query, SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO),
        SqlLiteral.createBoolean(data, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifNotExists ? "CREATE TABLE IF NOT EXISTS" : "CREATE TABLE");
    name.unparse(writer, 0, 0);
    unparse(writer, columns);
    writer.keyword("AS");
    query.unparse(writer, 0, 0);
    if (!data) {
      writer.keyword("WITH NO DATA");
    }
  }

  static void unparse(SqlWriter writer, SqlNodeList columns) {
    if (columns != null) {
      SqlWriter.Frame frame = writer.startList("(", ")");
      for (SqlNode column : columns) {
        writer.sep(",");
        column.unparse(writer, 0, 0);
      }
      writer.endList(frame);
    }
  }
}
