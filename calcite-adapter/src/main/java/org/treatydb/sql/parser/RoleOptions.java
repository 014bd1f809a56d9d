package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/** What CREATE and ALTER USER say of a role. As text it has no password. Immutable. */
public final class RoleOptions extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ROLE OPTIONS", SqlKind.OTHER, (position, operands) ->
      new RoleOptions(position, booleanOf(operands[0]), booleanOf(operands[1]), operands[2]));

  private final Boolean login;
  private final Boolean superuser;
  private final SqlNode password;

  /** {@code password}: null if nothing is said of it, the literal NULL for none. */
  RoleOptions(SqlParserPos position, Boolean login, Boolean superuser, SqlNode password) {
    super(position);
    this.login = login;
    this.superuser = superuser;
    this.password = password;
  }

  private static Boolean booleanOf(SqlNode node) {
    return node == null ? null : (Boolean) ((SqlLiteral) node).booleanValue();
  }

  private static SqlNode literal(Boolean value) {
    return value == null ? null : SqlLiteral.createBoolean(value, SqlParserPos.ZERO);
  }

  boolean isEmpty() {
    return login == null && superuser == null && password == null;
  }

  /** Whether it can sign in; null if nothing is said. */
  public Boolean login() {
    return login;
  }

  /** Whether it may do everything; null if nothing is said. */
  public Boolean superuser() {
    return superuser;
  }

  /** Whether a password is given, or taken away. */
  public boolean changesPassword() {
    return password != null;
  }

  /** The password; null for none. */
  public String password() {
    return password == null || SqlUtil.isNullLiteral(password, false) ? null
        : ((SqlLiteral) password).getValueAs(NlsString.class).getValue();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(literal(login), literal(superuser), password);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    if (login != null) {
      writer.keyword(login ? "LOGIN" : "NOLOGIN");
    }
    if (superuser != null) {
      writer.keyword(superuser ? "SUPERUSER" : "NOSUPERUSER");
    }
    if (password != null) {
      writer.keyword(password() == null ? "PASSWORD NULL" : "PASSWORD '***'");
    }
  }
}
