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

/** CREATE [OR REPLACE] VIEW name [(columns)] AS query. Immutable. */
public final class CreateView extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE VIEW", SqlKind.CREATE_VIEW, (position, operands) ->
      new CreateView(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1], operands[2],
          ((SqlLiteral) operands[3]).booleanValue()));

  private final SqlIdentifier name;
  private final SqlNodeList columns;
  private final SqlNode query;

  CreateView(SqlParserPos position, SqlIdentifier name, SqlNodeList columns, SqlNode query, boolean replace) {
    super(OPERATOR, position, replace, false);
    this.name = name;
    this.columns = columns;
    this.query = query;
  }

  /** The view's name, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  /** The names given to the columns, in order; null if none are given. */
  public List<String> columns() {
    return CreateTableAs.names(columns);
  }

  public SqlNode query() {
    return query;
  }

  /** Whether a view that exists already is replaced. */
  public boolean replaces() {
    return getReplace();
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, columns, query, SqlLiteral.createBoolean(getReplace(), SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE VIEW" : "CREATE VIEW");
    name.unparse(writer, 0, 0);
    CreateTableAs.unparse(writer, columns);
    writer.keyword("AS");
    query.unparse(writer, 0, 0);
  }
}
