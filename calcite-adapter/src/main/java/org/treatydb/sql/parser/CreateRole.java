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

/** CREATE USER or ROLE [IF NOT EXISTS] name options. Immutable. */
public final class CreateRole extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE ROLE", SqlKind.OTHER_DDL, (position, operands) -> new CreateRole(
      position, (SqlIdentifier) operands[0], (RoleOptions) operands[1], ((SqlLiteral) operands[2]).booleanValue(),
      ((SqlLiteral) operands[3]).booleanValue()));

  private final SqlIdentifier name;
  private final RoleOptions options;
  private final boolean user;

  CreateRole(SqlParserPos position, SqlIdentifier name, RoleOptions options, boolean user, boolean ifNotExists) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
    this.options = options;
    this.user = user;
  }

  public String name() {
    return name.getSimple();
  }

  public RoleOptions options() {
    return options;
  }

  /** Whether it can sign in: as the options say, and otherwise if it was called a user. */
  public boolean login() {
    return options.login() == null ? user : options.login();
  }

  /** Whether a role that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, options, SqlLiteral.createBoolean(user, SqlParserPos.ZERO),
        SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("CREATE " + (user ? "USER" : "ROLE") + (ifNotExists ? " IF NOT EXISTS" : ""));
    name.unparse(writer, 0, 0);
    options.unparse(writer, 0, 0);
  }
}
