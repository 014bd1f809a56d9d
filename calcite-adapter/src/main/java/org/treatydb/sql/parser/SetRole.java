package org.treatydb.sql.parser;

import java.util.Collections;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SET ROLE name, SET ROLE NONE, RESET ROLE. Immutable. */
public final class SetRole extends SqlCall {

  private static final SqlOperator OPERATOR =
      new NodeOperator("SET ROLE", SqlKind.OTHER, (position, operands) -> new SetRole(position, (SqlIdentifier) operands[0]));

  private final SqlIdentifier role;

  /** {@code role}: null for none. */
  SetRole(SqlParserPos position, SqlIdentifier role) {
    super(position);
    this.role = role;
  }

  /** The role to work as; null for the user that has signed in. */
  public String role() {
    return role == null ? null : role.getSimple();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Collections.singletonList(role);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("SET ROLE");
    if (role == null) {
      writer.keyword("NONE");
    } else {
      role.unparse(writer, 0, 0);
    }
  }
}
