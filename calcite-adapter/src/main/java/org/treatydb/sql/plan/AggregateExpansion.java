package org.treatydb.sql.plan;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * How aggregate functions that add numbers up are computed without losing digits: SUM of BIGINT and DECIMAL as DECIMAL, checked at the end;
 * SUM of floating-point numbers as one that does not become infinite; AVG as the quotient of a sum and a count; variances, deviations and
 * covariances from a sum of products of deviations.
 */
final class AggregateExpansion {

  private static final int BIGINT_DIGITS = 19;

  private final RexBuilder rexBuilder;
  private final RelDataTypeFactory typeFactory;
  private final Terms terms;

  /** Gives the value of an aggregate function of these arguments, over the rows and with the options of the call that is expanded. */
  interface Terms {
    RexNode term(SqlAggFunction function, List<RexNode> arguments);
  }

  AggregateExpansion(RexBuilder rexBuilder, Terms terms) {
    this.rexBuilder = rexBuilder;
    this.typeFactory = rexBuilder.getTypeFactory();
    this.terms = terms;
  }

  /** Whether a call of {@code function} with this result is to be expanded. */
  static boolean expands(SqlAggFunction function, RelDataType type) {
    return switch (function.getKind()) {
      case SUM, SUM0 -> isDecimal(type) || SqlTypeUtil.isApproximateNumeric(type);
      case AVG, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP, COVAR_POP, COVAR_SAMP, REGR_SXX, REGR_SYY -> SqlTypeUtil.isNumeric(type);
      default -> false;
    };
  }

  /** The value of {@code function(arguments)}, of exactly this type. */
  RexNode expand(SqlAggFunction function, List<RexNode> arguments, RelDataType type) {
    RexNode first = arguments.getFirst();
    RexNode value = switch (function.getKind()) {
      case SUM, SUM0 -> isDecimal(type) ? fitted(terms.term(function, List.of(decimal(first))), type) : floatSum(first);
      case AVG -> average(first, type);
      case VAR_POP -> divided(deviations(first, type), count(first), type);
      case VAR_SAMP -> sample(deviations(first, type), first, type);
      case STDDEV_POP -> root(divided(deviations(first, type), count(first), type), type);
      case STDDEV_SAMP -> root(sample(deviations(first, type), first, type), type);
      case COVAR_POP -> divided(products(arguments), count(both(arguments)), type);
      case COVAR_SAMP -> sample(products(arguments), both(arguments), type);
      case REGR_SXX -> squares(arguments.get(1), arguments.get(0));
      case REGR_SYY -> squares(arguments.get(0), arguments.get(1));
      default -> throw new IllegalArgumentException(function.getName());
    };
    return rexBuilder.ensureType(type, value, true);
  }

  private RexNode average(RexNode argument, RelDataType type) {
    RexNode sum = isDecimal(type) ? terms.term(SqlStdOperatorTable.SUM, List.of(decimal(argument))) : floatSum(argument);
    return divided(sum, count(argument), type);
  }

  private RexNode floatSum(RexNode argument) {
    return terms.term(RuntimeFunctions.FLOAT_SUM, List.of(doublePrecision(argument)));
  }

  private RexNode count(RexNode argument) {
    return terms.term(SqlStdOperatorTable.COUNT, List.of(argument));
  }

  private RexNode deviations(RexNode argument, RelDataType type) {
    return isDecimal(type)
        ? terms.term(RuntimeFunctions.EXACT_DEVIATIONS, List.of(decimal(argument)))
        : terms.term(RuntimeFunctions.FLOAT_DEVIATIONS, List.of(doublePrecision(argument), doublePrecision(argument)));
  }

  private RexNode products(List<RexNode> arguments) {
    return terms.term(RuntimeFunctions.FLOAT_DEVIATIONS, arguments.stream().map(this::doublePrecision).toList());
  }

  /** The squares of the deviations of {@code value} in rows where {@code other} is not null. */
  private RexNode squares(RexNode value, RexNode other) {
    return products(List.of(where(other, value), where(other, value)));
  }

  /** Not null where both arguments are not. */
  private RexNode both(List<RexNode> arguments) {
    return where(arguments.get(0), arguments.get(1));
  }

  private RexNode where(RexNode notNull, RexNode value) {
    return rexBuilder.makeCall(SqlStdOperatorTable.CASE, rexBuilder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, notNull), value,
        rexBuilder.makeNullLiteral(value.getType()));
  }

  /** {@code sum / (count - 1)}, NULL for less than two values. */
  private RexNode sample(RexNode sum, RexNode counted, RelDataType type) {
    RexNode count = count(counted);
    RexNode one = rexBuilder.makeExactLiteral(BigDecimal.ONE, count.getType());
    RelDataType nullable = typeFactory.createTypeWithNullability(type, true);
    return rexBuilder.makeCall(nullable, SqlStdOperatorTable.CASE, List.of(
        rexBuilder.makeCall(SqlStdOperatorTable.GREATER_THAN, count, one),
        rexBuilder.ensureType(nullable, divided(sum, rexBuilder.makeCall(SqlStdOperatorTable.MINUS, count, one), type), true),
        rexBuilder.makeNullLiteral(nullable)));
  }

  private RexNode divided(RexNode sum, RexNode count, RelDataType type) {
    RelDataType nullable = typeFactory.createTypeWithNullability(type, true);
    return isDecimal(type)
        ? RuntimeFunctions.decimal(rexBuilder, nullable, RuntimeFunctions.DECIMAL_DIVIDE, sum, decimal(count))
        : rexBuilder.makeCall(nullable, RuntimeFunctions.DOUBLE_DIVIDE, List.of(sum, doublePrecision(count)));
  }

  private RexNode root(RexNode value, RelDataType type) {
    RelDataType nullable = typeFactory.createTypeWithNullability(type, true);
    return isDecimal(type)
        ? RuntimeFunctions.decimal(rexBuilder, nullable, RuntimeFunctions.DECIMAL_SQUARE_ROOT, value)
        : rexBuilder.makeCall(nullable, RuntimeFunctions.DOUBLE_SQUARE_ROOT, List.of(value));
  }

  private RexNode fitted(RexNode value, RelDataType type) {
    return RuntimeFunctions.decimal(rexBuilder, typeFactory.createTypeWithNullability(type, value.getType().isNullable()),
        RuntimeFunctions.DECIMAL_FIT, value);
  }

  private RexNode decimal(RexNode value) {
    return isDecimal(value.getType()) ? value : cast(value, typeFactory.createSqlType(SqlTypeName.DECIMAL, BIGINT_DIGITS, 0));
  }

  private RexNode doublePrecision(RexNode value) {
    return value.getType().getSqlTypeName() == SqlTypeName.DOUBLE ? value : cast(value, typeFactory.createSqlType(SqlTypeName.DOUBLE));
  }

  private RexNode cast(RexNode value, RelDataType type) {
    return rexBuilder.makeCast(typeFactory.createTypeWithNullability(type, value.getType().isNullable()), value);
  }

  private static boolean isDecimal(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL;
  }

  /** The kinds that Calcite's conversion would expand by itself within OVER, with sums of squares that lose digits. */
  static boolean isVariance(SqlKind kind) {
    return switch (kind) {
      case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP, COVAR_POP, COVAR_SAMP, REGR_SXX, REGR_SYY -> true;
      default -> false;
    };
  }
}
