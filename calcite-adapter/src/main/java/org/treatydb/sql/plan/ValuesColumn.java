package org.treatydb.sql.plan;

import java.util.List;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * One column of VALUES, whose literals it brings to one type: exact numbers among floating-point ones to such, a column of nothing but NULL
 * to text. Expressions get their casts from {@link AlignedSetOperations}.
 */
final class ValuesColumn {

  private final SqlValidator validator;
  private final SqlValidatorScope scope;
  private final List<SqlCall> rows;
  private final int column;

  ValuesColumn(SqlValidator validator, SqlValidatorScope scope, List<SqlCall> rows, int column) {
    this.validator = validator;
    this.scope = scope;
    this.rows = rows;
    this.column = column;
  }

  /**
   * Changes the expressions.
   *
   * @throws SqlFailure 42804 if they have no common type
   */
  void align() {
    RelDataType wanted = type(rows.getFirst());
    for (SqlCall row : rows) {
      wanted = common(wanted, type(row));
    }
    if (wanted.getSqlTypeName() == SqlTypeName.NULL) {
      wanted = validator.getTypeFactory().createSqlType(SqlTypeName.VARCHAR);
      cast(rows.getFirst(), wanted);
    }
    for (SqlCall row : rows) {
      align(row, wanted);
    }
  }

  private RelDataType type(SqlCall row) {
    return validator.deriveType(scope, row.operand(column));
  }

  private static RelDataType common(RelDataType left, RelDataType right) {
    if (left.getSqlTypeName() == SqlTypeName.NULL) {
      return right;
    }
    if (right.getSqlTypeName() != SqlTypeName.NULL && !Objects.equals(family(left), family(right))) {
      throw new SqlFailure(SqlState.TYPE_MISMATCH,
          "The types " + left + " and " + right + " do not match in one column of VALUES.");
    }
    return SqlTypeUtil.isExactNumeric(left) && SqlTypeUtil.isApproximateNumeric(right) ? right : left;
  }

  private void align(SqlCall row, RelDataType wanted) {
    if (SqlTypeUtil.isApproximateNumeric(wanted) && row.operand(column) instanceof SqlNumericLiteral number
        && SqlTypeUtil.isExactNumeric(type(row))) {
      replace(row, SqlLiteral.createApproxNumeric(number.toValue() + "E0", number.getParserPosition()));
    }
  }

  private void cast(SqlCall row, RelDataType type) {
    SqlNode value = row.operand(column);
    replace(row, SqlStdOperatorTable.CAST.createCall(value.getParserPosition(), value, SqlTypeUtil.convertTypeToSpec(type)));
  }

  private void replace(SqlCall row, SqlNode value) {
    row.setOperand(column, value);
    validator.deriveType(scope, value);
  }

  private static Object family(RelDataType type) {
    SqlTypeFamily family = type.getSqlTypeName().getFamily();
    return family == null ? type.getSqlTypeName() : family;
  }
}
