package org.treatydb.sql.parser;

import java.util.Arrays;
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

/** ALTER TABLE [IF EXISTS] name action, …. Immutable. */
public final class AlterTable extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ALTER TABLE", SqlKind.ALTER_TABLE, (position, operands) -> new AlterTable(
      position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1], ((SqlLiteral) operands[2]).booleanValue()));

  private final SqlIdentifier name;
  private final SqlNodeList actions;
  private final boolean ifExists;

  AlterTable(SqlParserPos position, SqlIdentifier name, SqlNodeList actions, boolean ifExists) {
    super(position);
    this.name = name;
    this.actions = actions;
    this.ifExists = ifExists;
  }

  /** What an action does. */
  public enum Kind {
    /** Its node: the column. */
    ADD_COLUMN("ADD COLUMN"),
    /** Its node: the constraint. */
    ADD_CONSTRAINT("ADD"),
    DROP_COLUMN("DROP COLUMN"),
    DROP_CONSTRAINT("DROP CONSTRAINT"),
    /** Its node: the new name. */
    RENAME_COLUMN("RENAME COLUMN"),
    /** Its node: the new name. */
    RENAME_TABLE("RENAME TO"),
    /** Its node: the expression. */
    SET_DEFAULT("ALTER COLUMN"),
    DROP_DEFAULT("ALTER COLUMN"),
    SET_NOT_NULL("ALTER COLUMN"),
    DROP_NOT_NULL("ALTER COLUMN");

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }
  }

  /** One action: with the column or constraint that it names, if it names one. Immutable. */
  public static final class Action extends SqlCall {

    private static final SqlOperator OPERATOR = new NodeOperator("ALTER", SqlKind.OTHER, (position, operands) -> new Action(position,
        ((SqlLiteral) operands[0]).symbolValue(Kind.class), (SqlIdentifier) operands[1], (SqlNodeList) operands[2],
        ((SqlLiteral) operands[3]).booleanValue(), ((SqlLiteral) operands[4]).booleanValue()));

    private final Kind kind;
    private final SqlIdentifier name;
    private final SqlNodeList nodes;
    private final boolean conditional;
    private final boolean cascade;

    Action(SqlParserPos position, Kind kind, SqlIdentifier name, SqlNodeList nodes, boolean conditional, boolean cascade) {
      super(position);
      this.kind = kind;
      this.name = name;
      this.nodes = nodes;
      this.conditional = conditional;
      this.cascade = cascade;
    }

    public Kind kind() {
      return kind;
    }

    /** The column or constraint that is changed; null if none is named. */
    public String name() {
      return name == null ? null : name.getSimple();
    }

    /** What the action is about, as its kind says. */
    public SqlNode node() {
      return nodes.get(0);
    }

    /** Whether IF EXISTS or IF NOT EXISTS was written. */
    public boolean isConditional() {
      return conditional;
    }

    /** Whether what depends on it goes with it; otherwise its existence is an error. */
    public boolean cascade() {
      return cascade;
    }

    @Override
    public SqlOperator getOperator() {
      return OPERATOR;
    }

    @Override
    public List<SqlNode> getOperandList() {
      return Arrays.asList(SqlLiteral.createSymbol(kind, SqlParserPos.ZERO), name, nodes,
          SqlLiteral.createBoolean(conditional, SqlParserPos.ZERO), SqlLiteral.createBoolean(cascade, SqlParserPos.ZERO));
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
      writer.keyword(kind.sql);
      if (conditional) {
        writer.keyword(kind == Kind.ADD_COLUMN ? "IF NOT EXISTS" : "IF EXISTS");
      }
      if (name != null) {
        name.unparse(writer, 0, 0);
      }
      switch (kind) {
        case RENAME_COLUMN -> writer.keyword("TO");
        case SET_DEFAULT -> writer.keyword("SET DEFAULT");
        case DROP_DEFAULT -> writer.keyword("DROP DEFAULT");
        case SET_NOT_NULL -> writer.keyword("SET NOT NULL");
        case DROP_NOT_NULL -> writer.keyword("DROP NOT NULL");
        default -> {
          // The keyword before the name was all.
        }
      }
      if (!nodes.isEmpty()) {
        nodes.get(0).unparse(writer, 0, 0);
      }
      if (cascade) {
        writer.keyword("CASCADE");
      }
    }
  }

  /** The table, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  public List<Action> actions() {
    return actions.stream().map(Action.class::cast).toList();
  }

  /** Whether a table that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, actions, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "ALTER TABLE IF EXISTS" : "ALTER TABLE");
    name.unparse(writer, 0, 0);
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode action : actions) {
      writer.sep(",");
      action.unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
