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

/** GRANT role, … TO role, …; REVOKE role, … FROM role, …. Immutable. */
public final class GrantRole extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("GRANT ROLE", SqlKind.OTHER_DDL, (position, operands) -> new GrantRole(
      position, ((SqlLiteral) operands[0]).booleanValue(), (SqlNodeList) operands[1], (SqlNodeList) operands[2]));

  private final boolean grant;
  private final SqlNodeList roles;
  private final SqlNodeList members;

  GrantRole(SqlParserPos position, boolean grant, SqlNodeList roles, SqlNodeList members) {
    super(position);
    this.grant = grant;
    this.roles = roles;
    this.members = members;
  }

  /** Whether roles are given; otherwise they are taken back. */
  public boolean isGrant() {
    return grant;
  }

  /** The roles whose members others become. */
  public List<String> roles() {
    return roles.stream().map(role -> ((SqlIdentifier) role).getSimple()).toList();
  }

  /** The roles that become members. */
  public List<String> members() {
    return members.stream().map(role -> ((SqlIdentifier) role).getSimple()).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(SqlLiteral.createBoolean(grant, SqlParserPos.ZERO), roles, members);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(grant ? "GRANT" : "REVOKE");
    RoleNames.unparse(writer, roles);
    writer.keyword(grant ? "TO" : "FROM");
    RoleNames.unparse(writer, members);
  }
}
