package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.parser.TreatyParser;

/** Builds the syntax trees of the queries that statements are rewritten to. */
final class Trees {

  private static final SqlParserPos NOWHERE = SqlParserPos.ZERO;

  private Trees() {}

  /** SELECT expressions. */
  static SqlNode selectWithoutFrom(List<SqlNode> expressions) {
    return select(expressions, null, null);
  }

  /** SELECT expressions FROM source WHERE condition; source and condition may be null. */
  static SqlSelect select(List<? extends SqlNode> expressions, SqlNode source, SqlNode condition) {
    return new SqlSelect(
        NOWHERE, null, new SqlNodeList(expressions, NOWHERE), source, condition, null, null, null, null, null, null, null, null);
  }

  /** {@code source AS alias}. */
  static SqlNode as(SqlNode source, String alias) {
    return SqlStdOperatorTable.AS.createCall(NOWHERE, source, new SqlIdentifier(alias, NOWHERE));
  }

  /** {@code source AS alias (columns)}. */
  static SqlNode as(SqlNode source, String alias, List<String> columns) {
    List<SqlNode> operands = new ArrayList<>(List.of(source, new SqlIdentifier(alias, NOWHERE)));
    columns.forEach(column -> operands.add(new SqlIdentifier(column, NOWHERE)));
    return SqlStdOperatorTable.AS.createCall(NOWHERE, operands);
  }

  /** {@code left, right} of FROM. */
  static SqlNode crossJoin(SqlNode left, SqlNode right) {
    return new SqlJoin(NOWHERE, left, SqlLiteral.createBoolean(false, NOWHERE), JoinType.COMMA.symbol(NOWHERE), right,
        JoinConditionType.NONE.symbol(NOWHERE), null);
  }

  /** {@code left LEFT JOIN right ON condition}. */
  static SqlNode leftJoin(SqlNode left, SqlNode right, SqlNode condition) {
    return new SqlJoin(NOWHERE, left, SqlLiteral.createBoolean(false, NOWHERE), JoinType.LEFT.symbol(NOWHERE), right,
        JoinConditionType.ON.symbol(NOWHERE), condition);
  }

  /** {@code CASE WHEN condition THEN value … ELSE otherwise END}, as often as there are conditions. */
  static SqlNode choice(List<SqlNode> conditions, List<SqlNode> values, SqlNode otherwise) {
    return new SqlCase(NOWHERE, null, new SqlNodeList(conditions, NOWHERE), new SqlNodeList(values, NOWHERE), otherwise);
  }

  static SqlNode number(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), NOWHERE);
  }

  static SqlNode equal(SqlNode left, SqlNode right) {
    return SqlStdOperatorTable.EQUALS.createCall(NOWHERE, left, right);
  }

  /** {@code left AND right}; {@code right} may be null. */
  static SqlNode and(SqlNode left, SqlNode right) {
    return right == null ? left : SqlStdOperatorTable.AND.createCall(NOWHERE, left, right);
  }

  static SqlIdentifier column(String table, String column) {
    return new SqlIdentifier(List.of(table, column), NOWHERE);
  }

  /** Whether {@code expression} has the name of a column in it, with a table's name before it or without. */
  static boolean mentions(SqlNode expression, String column) {
    boolean[] found = new boolean[1];
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlIdentifier identifier) {
        found[0] |= !identifier.isStar() && identifier.names.getLast().equals(column);
        return null;
      }
    });
    return found[0];
  }

  /** Whether there is any name in {@code expression}, which may be null. */
  static boolean hasNames(SqlNode expression) {
    boolean[] found = new boolean[1];
    if (expression != null) {
      expression.accept(new SqlBasicVisitor<Void>() {
        @Override
        public Void visit(SqlIdentifier identifier) {
          found[0] = true;
          return null;
        }
      });
    }
    return found[0];
  }

  /** What a statement that gives no value puts into the column; NULL for a generated one. */
  static SqlNode defaultValue(ColumnDescriptor column) throws SQLException {
    if (column.source().isIdentity()) {
      return SequenceCalls.nextValue(column.source().sequenceId());
    }
    return column.defaultSql() == null ? SqlLiteral.createNull(NOWHERE) : TreatyParser.parseExpression(column.defaultSql());
  }
}
