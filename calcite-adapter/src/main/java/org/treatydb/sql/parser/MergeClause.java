package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** WHEN [NOT] MATCHED [AND condition] THEN action, of MERGE. Immutable. */
public final class MergeClause extends SqlCall {

  /** What is done with a row. */
  public enum Action { UPDATE, DELETE, INSERT, NOTHING }

  private static final SqlOperator OPERATOR = new NodeOperator("WHEN", SqlKind.OTHER, (position, operands) -> new MergeClause(position,
      ((SqlLiteral) operands[0]).booleanValue(), operands[1], ((SqlLiteral) operands[2]).symbolValue(Action.class),
      (SqlNodeList) operands[3], (SqlNodeList) operands[4]));

  private final boolean matched;
  private final SqlNode condition;
  private final Action action;
  private final SqlNodeList columns;
  private final SqlNodeList values;

  MergeClause(SqlParserPos position, boolean matched, SqlNode condition, Action action, SqlNodeList columns, SqlNodeList values) {
    super(position);
    this.matched = matched;
    this.condition = condition;
    this.action = action;
    this.columns = columns;
    this.values = values;
  }

  /** Whether it is for rows of the target; otherwise for rows of the source that have none. */
  public boolean isMatched() {
    return matched;
  }

  /** Null if there is none. */
  public SqlNode condition() {
    return condition;
  }

  public Action action() {
    return action;
  }

  /** The columns that UPDATE sets or INSERT names; null if INSERT names none, and for other actions. */
  public SqlNodeList columns() {
    return columns;
  }

  /** What they are set to; empty for INSERT DEFAULT VALUES; null for other actions. */
  public SqlNodeList values() {
    return values;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(SqlLiteral.createBoolean(matched, SqlParserPos.ZERO), condition,
        SqlLiteral.createSymbol(action, SqlParserPos.ZERO), columns, values);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(matched ? "WHEN MATCHED" : "WHEN NOT MATCHED");
    if (condition != null) {
      writer.keyword("AND");
      condition.unparse(writer, 0, 0);
    }
    writer.keyword("THEN");
    switch (action) {
      case UPDATE -> {
        writer.keyword("UPDATE SET");
        OnConflict.unparseAssignments(writer, columns, values);
      }
      case DELETE -> writer.keyword("DELETE");
      case NOTHING -> writer.keyword("DO NOTHING");
      case INSERT -> {
        writer.keyword("INSERT");
        if (values.isEmpty()) {
          writer.keyword("DEFAULT VALUES");
        } else {
          CreateTableAs.unparse(writer, columns);
          writer.keyword("VALUES");
          CreateTableAs.unparse(writer, values);
        }
      }
    }
  }
}
