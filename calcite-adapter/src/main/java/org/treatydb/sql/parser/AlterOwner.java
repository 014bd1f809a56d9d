package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ALTER TABLE, VIEW, SEQUENCE or SCHEMA [IF EXISTS] name OWNER TO role. Immutable. */
public final class AlterOwner extends SqlCall {

  /** What gets another owner. */
  public enum Kind { TABLE, VIEW, SEQUENCE, SCHEMA }

  private static final SqlOperator OPERATOR = new NodeOperator("ALTER OWNER", SqlKind.OTHER_DDL, (position, operands) -> new AlterOwner(
      position, ((SqlLiteral) operands[0]).symbolValue(Kind.class), (SqlIdentifier) operands[1], (SqlIdentifier) operands[2],
      ((SqlLiteral) operands[3]).booleanValue()));

  private final Kind kind;
  private final SqlIdentifier name;
  private final SqlIdentifier owner;
  private final boolean ifExists;

  AlterOwner(SqlParserPos position, Kind kind, SqlIdentifier name, SqlIdentifier owner, boolean ifExists) {
    super(position);
    this.kind = kind;
    this.name = name;
    this.owner = owner;
    this.ifExists = ifExists;
  }

  public Kind kind() {
    return kind;
  }

  /** What gets another owner, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  /** The new owner's name. */
  public String owner() {
    return owner.getSimple();
  }

  /** Whether something that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(SqlLiteral.createSymbol(kind, SqlParserPos.ZERO), name, owner, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("ALTER " + kind + (ifExists ? " IF EXISTS" : ""));
    name.unparse(writer, 0, 0);
    writer.keyword("OWNER TO");
    RoleNames.unparse(writer, owner);
  }
}
