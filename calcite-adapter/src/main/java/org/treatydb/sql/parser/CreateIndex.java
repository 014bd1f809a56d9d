package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** CREATE [UNIQUE] INDEX [IF NOT EXISTS] [schema.]name ON table (column [ASC | DESC], …) [INCLUDE (columns)]. Immutable. */
public final class CreateIndex extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE INDEX", SqlKind.CREATE_INDEX, (position, operands) ->
      new CreateIndex(position, (SqlIdentifier) operands[0], (SqlIdentifier) operands[1], (SqlNodeList) operands[2],
          (SqlNodeList) operands[3], ((SqlLiteral) operands[4]).booleanValue(), ((SqlLiteral) operands[5]).booleanValue()));

  private final SqlIdentifier name;
  private final SqlIdentifier table;
  private final SqlNodeList parts;
  private final SqlNodeList included;
  private final boolean unique;

  /** One column of an index. */
  public record Part(String column, boolean descending) {}

  CreateIndex(SqlParserPos position, SqlIdentifier name, SqlIdentifier table, SqlNodeList parts, SqlNodeList included, boolean unique,
      boolean ifNotExists) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
    this.table = table;
    this.parts = parts;
    this.included = included;
    this.unique = unique;
  }

  /** The index's name, with a schema if one was written: it can only be that of its table. */
  public SqlIdentifier name() {
    return name;
  }

  /** The table's name, with its schema if one was written. */
  public SqlIdentifier table() {
    return table;
  }

  /** The columns it is sorted by, in order; names may repeat. */
  public List<Part> parts() {
    return parts.stream().map(CreateIndex::part).toList();
  }

  private static Part part(SqlNode node) {
    return node instanceof SqlCall descending
        ? new Part(((SqlIdentifier) descending.operand(0)).getSimple(), true) : new Part(((SqlIdentifier) node).getSimple(), false);
  }

  /** The names of the columns that only stand in it. */
  public List<String> included() {
    return included.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  public boolean unique() {
    return unique;
  }

  /** Whether an index or table of that name that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, table, parts, included, SqlLiteral.createBoolean(unique, SqlParserPos.ZERO),
        SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
    list(writer, parts);
    if (!included.isEmpty()) {
      writer.keyword("INCLUDE");
      list(writer, included);
    }
  }

  private static void list(SqlWriter writer, SqlNodeList nodes) {
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode node : nodes) {
      writer.sep(",");
      node.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
