package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * An INSERT, UPDATE, DELETE or MERGE with something that its node has no place for: OVERRIDING and ON CONFLICT of INSERT, FROM of UPDATE,
 * USING of DELETE, RETURNING. Immutable.
 */
public final class DataChange extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("CHANGE", SqlKind.OTHER, (position, operands) -> new DataChange(
      position, operands[0], operands[1], (OnConflict) operands[2], (SqlNodeList) operands[3],
      operands[4] == null ? null : ((SqlLiteral) operands[4]).symbolValue(Overriding.class)));

  /** What INSERT does with values for identity columns: takes them even if they are always generated, or passes over them. */
  public enum Overriding { SYSTEM_VALUE, USER_VALUE }

  private final SqlNode change;
  private final SqlNode source;
  private final OnConflict conflict;
  private final SqlNodeList returning;
  private final Overriding overriding;

  DataChange(SqlParserPos position, SqlNode change, SqlNode source, OnConflict conflict, SqlNodeList returning, Overriding overriding) {
    super(position);
    this.change = change;
    this.source = source;
    this.conflict = conflict;
    this.returning = returning;
    this.overriding = overriding;
  }

  /** {@code statement}, a change, which gives back these columns of its rows. */
  public static DataChange returning(SqlNode statement, SqlNodeList columns) {
    return statement instanceof DataChange with
        ? new DataChange(with.getParserPosition(), with.change, with.source, with.conflict, columns, with.overriding)
        : new DataChange(statement.getParserPosition(), statement, null, null, columns, null);
  }

  /** The INSERT, UPDATE, DELETE or MERGE itself. */
  public SqlNode change() {
    return change;
  }

  /** What UPDATE has after FROM, or DELETE after USING; null if nothing. */
  public SqlNode source() {
    return source;
  }

  /** Null if there is none. */
  public OnConflict conflict() {
    return conflict;
  }

  /** Null if nothing is said. */
  public Overriding overriding() {
    return overriding;
  }

  /** What is to be given back of each row; null if there is nothing. */
  public SqlNodeList returning() {
    return returning;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(change, source, conflict, returning,
        overriding == null ? null : SqlLiteral.createSymbol(overriding, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    switch (change) {
      case SqlInsert insert -> unparse(writer, insert);
      case MergeStatement merge -> merge.unparse(writer, 0, 0);
      case SqlUpdate update -> unparse(writer, update);
      case SqlDelete delete -> unparse(writer, delete);
      default -> throw new IllegalStateException(change.getKind() + " is no change");
    }
    if (conflict != null) {
      conflict.unparse(writer, 0, 0);
    }
    if (returning != null) {
      writer.keyword("RETURNING");
      SqlWriter.Frame frame = writer.startList("", "");
      for (SqlNode item : returning) {
        writer.sep(",");
        item.unparse(writer, 0, 0);
      }
      writer.endList(frame);
    }
  }

  private void unparse(SqlWriter writer, SqlInsert insert) {
    if (overriding == null) {
      insert.unparse(writer, 0, 0);
      return;
    }
    writer.keyword("INSERT INTO");
    insert.getTargetTable().unparse(writer, 0, 0);
    CreateTableAs.unparse(writer, insert.getTargetColumnList());
    writer.keyword("OVERRIDING " + overriding.name().replace('_', ' '));
    insert.getSource().unparse(writer, 0, 0);
  }

  private void unparse(SqlWriter writer, SqlUpdate update) {
    writer.keyword("UPDATE");
    unparseTarget(writer, update.getTargetTable(), update.getAlias());
    writer.keyword("SET");
    SqlWriter.Frame frame = writer.startList("", "");
    for (int i = 0; i < update.getTargetColumnList().size(); i++) {
      writer.sep(",");
      update.getTargetColumnList().get(i).unparse(writer, 0, 0);
      writer.keyword("=");
      update.getSourceExpressionList().get(i).unparse(writer, 0, 0);
    }
    writer.endList(frame);
    unparseSource(writer, "FROM", update.getCondition());
  }

  private void unparse(SqlWriter writer, SqlDelete delete) {
    writer.keyword("DELETE FROM");
    unparseTarget(writer, delete.getTargetTable(), delete.getAlias());
    unparseSource(writer, "USING", delete.getCondition());
  }

  private static void unparseTarget(SqlWriter writer, SqlNode table, SqlNode alias) {
    table.unparse(writer, 0, 0);
    if (alias != null) {
      writer.keyword("AS");
      alias.unparse(writer, 0, 0);
    }
  }

  private void unparseSource(SqlWriter writer, String keyword, SqlNode condition) {
    if (source != null) {
      writer.keyword(keyword);
      SqlWriter.Frame frame = writer.startList(SqlWriter.FrameTypeEnum.FROM_LIST);
      source.unparse(writer, 0, 0);
      writer.endList(frame);
    }
    if (condition != null) {
      writer.keyword("WHERE");
      condition.unparse(writer, 0, 0);
    }
  }
}
