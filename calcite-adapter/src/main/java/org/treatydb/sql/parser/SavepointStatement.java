package org.treatydb.sql.parser;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** SAVEPOINT name, ROLLBACK TO [SAVEPOINT] name, RELEASE [SAVEPOINT] name. Immutable. */
public final class SavepointStatement extends SqlCall {

  /** What is done with the savepoint. */
  public enum Action {
    SET("SAVEPOINT"),
    ROLLBACK_TO("ROLLBACK TO SAVEPOINT"),
    RELEASE("RELEASE SAVEPOINT");

    private final String sql;

    Action(String sql) {
      this.sql = sql;
    }
  }

  private static final Map<Action, SqlOperator> OPERATORS = new EnumMap<>(Action.class);

  static {
    for (Action action : Action.values()) {
      OPERATORS.put(action, new NodeOperator(
          action.sql, SqlKind.OTHER, (position, operands) -> new SavepointStatement(position, action, (SqlIdentifier) operands[0])));
    }
  }

  private final Action action;
  private final SqlIdentifier name;

  SavepointStatement(SqlParserPos position, Action action, SqlIdentifier name) {
    super(position);
    this.action = action;
    this.name = name;
  }

  public Action action() {
    return action;
  }

  /** The savepoint's name. */
  public String name() {
    return name.getSimple();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATORS.get(action);
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(action.sql);
    name.unparse(writer, 0, 0);
  }
}
