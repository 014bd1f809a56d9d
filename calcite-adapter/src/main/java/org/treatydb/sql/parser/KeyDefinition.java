package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** [CONSTRAINT name] and what its operator is called, (columns), as an element of CREATE TABLE. Immutable. */
abstract class KeyDefinition extends SqlCall {

  private final SqlIdentifier name;
  private final SqlNodeList columns;

  KeyDefinition(SqlParserPos position, SqlIdentifier name, SqlNodeList columns) {
    super(position);
    this.name = name;
    this.columns = columns;
  }

  /** The constraint's name; null if it has none. */
  final String name() {
    return name == null ? null : name.getSimple();
  }

  final List<String> columns() {
    return columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  @Override
  public final List<SqlNode> getOperandList() {
    return Arrays.asList(name, columns);
  }

  @Override
  public final void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    unparse(writer, name, getOperator().getName());
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode column : columns) {
      writer.sep(",");
      column.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }

  /** Writes the beginning, which is all of it where it stands at a column. */
  static void unparse(SqlWriter writer, SqlIdentifier name, String keyword) {
    if (name != null) {
      writer.keyword("CONSTRAINT");
      name.unparse(writer, 0, 0);
    }
    writer.keyword(keyword);
  }
}
