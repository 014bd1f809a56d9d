package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** CREATE SCHEMA [IF NOT EXISTS] name. Immutable. */
public final class CreateSchema extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE SCHEMA", SqlKind.CREATE_SCHEMA, (position, operands) ->
      new CreateSchema(position, (SqlIdentifier) operands[0], ((SqlLiteral) operands[1]).booleanValue()));

  private final SqlIdentifier name;

  CreateSchema(SqlParserPos position, SqlIdentifier name, boolean ifNotExists) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
  }

  public String name() {
    return name.getSimple();
  }

  /** Whether a schema that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifNotExists ? "CREATE SCHEMA IF NOT EXISTS" : "CREATE SCHEMA");
    name.unparse(writer, 0, 0);
  }
}
