package org.treatydb.sql.parser;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** GRANT privilege, … ON object, … TO role, …; REVOKE privilege, … ON object, … FROM role, …. Immutable. */
public final class GrantStatement extends SqlCall {

  /** What the names after ON are of. */
  public enum Target {
    /** Tables or views. */
    TABLE("TABLE"),
    SEQUENCE("SEQUENCE"),
    SCHEMA("SCHEMA"),
    /** Schemas, whose tables and views are meant. */
    ALL_TABLES("ALL TABLES IN SCHEMA"),
    /** Schemas, whose sequences are meant. */
    ALL_SEQUENCES("ALL SEQUENCES IN SCHEMA");

    private final String sql;

    Target(String sql) {
      this.sql = sql;
    }
  }

  /** As a privilege: all that there are for the objects. */
  public static final String ALL = "ALL";

  private static final SqlOperator OPERATOR = new NodeOperator("GRANT", SqlKind.OTHER_DDL, (position, operands) -> new GrantStatement(
      position, ((SqlLiteral) operands[0]).booleanValue(), (SqlNodeList) operands[1],
      ((SqlLiteral) operands[2]).symbolValue(Target.class), (SqlNodeList) operands[3], (SqlNodeList) operands[4]));

  private final boolean grant;
  private final SqlNodeList privileges;
  private final Target target;
  private final SqlNodeList objects;
  private final SqlNodeList roles;

  GrantStatement(SqlParserPos position, boolean grant, SqlNodeList privileges, Target target, SqlNodeList objects, SqlNodeList roles) {
    super(position);
    this.grant = grant;
    this.privileges = privileges;
    this.target = target;
    this.objects = objects;
    this.roles = roles;
  }

  /** Whether privileges are given; otherwise they are taken back. */
  public boolean isGrant() {
    return grant;
  }

  /** The privileges' words, in upper case; {@link #ALL} for all. */
  public List<String> privileges() {
    return privileges.stream().map(privilege -> ((SqlIdentifier) privilege).getSimple().toUpperCase(Locale.ROOT)).toList();
  }

  public Target target() {
    return target;
  }

  /** Objects, as {@link #target} says, with schemas where they were written. */
  public List<SqlIdentifier> objects() {
    return objects.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** Who gets or loses them. */
  public List<String> roles() {
    return roles.stream().map(role -> ((SqlIdentifier) role).getSimple()).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(SqlLiteral.createBoolean(grant, SqlParserPos.ZERO), privileges, SqlLiteral.createSymbol(target, SqlParserPos.ZERO),
        objects, roles);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(grant ? "GRANT" : "REVOKE");
    SqlWriter.Frame frame = writer.startList("", "");
    for (String privilege : privileges()) {
      writer.sep(",");
      writer.keyword(privilege);
    }
    writer.endList(frame);
    writer.keyword("ON " + target.sql);
    SqlWriter.Frame named = writer.startList("", "");
    for (SqlNode object : objects) {
      writer.sep(",");
      object.unparse(writer, 0, 0);
    }
    writer.endList(named);
    writer.keyword(grant ? "TO" : "FROM");
    RoleNames.unparse(writer, roles);
  }
}
