package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ALTER USER or ROLE name options. Immutable. */
public final class AlterRole extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ALTER ROLE", SqlKind.OTHER_DDL,
      (position, operands) -> new AlterRole(position, (SqlIdentifier) operands[0], (RoleOptions) operands[1]));

  private final SqlIdentifier name;
  private final RoleOptions options;

  AlterRole(SqlParserPos position, SqlIdentifier name, RoleOptions options) {
    super(position);
    this.name = name;
    this.options = options;
  }

  public String name() {
    return name.getSimple();
  }

  /** What is changed. */
  public RoleOptions options() {
    return options;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("ALTER ROLE");
    name.unparse(writer, 0, 0);
    options.unparse(writer, 0, 0);
  }
}
