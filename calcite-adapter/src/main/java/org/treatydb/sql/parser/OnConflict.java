package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ON CONFLICT [(columns) | ON CONSTRAINT name] DO NOTHING | DO UPDATE SET column = value, … [WHERE condition], of INSERT. Immutable. */
public final class OnConflict extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ON CONFLICT", SqlKind.OTHER, (position, operands) -> new OnConflict(
      position, (SqlNodeList) operands[0], (SqlIdentifier) operands[1], (SqlNodeList) operands[2], (SqlNodeList) operands[3], operands[4]));

  private final SqlNodeList columns;
  private final SqlIdentifier constraint;
  private final SqlNodeList targets;
  private final SqlNodeList values;
  private final SqlNode condition;

  OnConflict(SqlParserPos position, SqlNodeList columns, SqlIdentifier constraint, SqlNodeList targets, SqlNodeList values,
      SqlNode condition) {
    super(position);
    this.columns = columns;
    this.constraint = constraint;
    this.targets = targets;
    this.values = values;
    this.condition = condition;
  }

  /** The names of the columns whose values must be unique; null if none are named. */
  public List<String> columns() {
    return columns == null ? null : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  /** The name of the constraint; null if none is named. */
  public String constraint() {
    return constraint == null ? null : constraint.getSimple();
  }

  /** Whether rows in conflict are passed over. */
  public boolean doesNothing() {
    return targets == null;
  }

  /** The columns that DO UPDATE sets; null for DO NOTHING. */
  public List<SqlIdentifier> targets() {
    return targets.stream().map(SqlIdentifier.class::cast).toList();
  }

  /** What they are set to; null for DO NOTHING. */
  public SqlNodeList values() {
    return values;
  }

  /** Which of the rows in conflict are updated; null for all. */
  public SqlNode condition() {
    return condition;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(columns, constraint, targets, values, condition);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("ON CONFLICT");
    if (columns != null) {
      SqlWriter.Frame frame = writer.startList("(", ")");
      columns.forEach(column -> {
        writer.sep(",");
        column.unparse(writer, 0, 0);
      });
      writer.endList(frame);
    }
    if (constraint != null) {
      writer.keyword("ON CONSTRAINT");
      constraint.unparse(writer, 0, 0);
    }
    if (targets == null) {
      writer.keyword("DO NOTHING");
      return;
    }
    writer.keyword("DO UPDATE SET");
    unparseAssignments(writer, targets, values);
    if (condition != null) {
      writer.keyword("WHERE");
      condition.unparse(writer, 0, 0);
    }
  }

  /** column = value, …. */
  static void unparseAssignments(SqlWriter writer, SqlNodeList columns, SqlNodeList values) {
    SqlWriter.Frame frame = writer.startList("", "");
    for (int i = 0; i < columns.size(); i++) {
      writer.sep(",");
      columns.get(i).unparse(writer, 0, 0);
      writer.keyword("=");
      values.get(i).unparse(writer, 0, 0);
    }
    writer.endList(frame);
  }
}
