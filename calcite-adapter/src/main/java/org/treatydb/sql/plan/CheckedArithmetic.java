package org.treatydb.sql.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.treatydb.sql.exec.FloatArithmetic;

/**
 * Replaces arithmetic by arithmetic that fails where a result does not fit, and casts to text by ones that spell values as PostgreSQL does.
 * For a plan without subqueries whose aggregates are expanded; what is added later is not seen.
 */
final class CheckedArithmetic extends RelHomogeneousShuttle {

  private static final Map<SqlKind, SqlOperator> INTEGRAL = Map.of(
      SqlKind.PLUS, SqlStdOperatorTable.CHECKED_PLUS,
      SqlKind.MINUS, SqlStdOperatorTable.CHECKED_MINUS,
      SqlKind.TIMES, SqlStdOperatorTable.CHECKED_MULTIPLY,
      SqlKind.DIVIDE, SqlStdOperatorTable.CHECKED_DIVIDE,
      SqlKind.MINUS_PREFIX, SqlStdOperatorTable.CHECKED_UNARY_MINUS);

  private static final Map<SqlKind, SqlFunction> DECIMAL = Map.of(
      SqlKind.PLUS, RuntimeFunctions.DECIMAL_PLUS,
      SqlKind.MINUS, RuntimeFunctions.DECIMAL_MINUS,
      SqlKind.TIMES, RuntimeFunctions.DECIMAL_TIMES,
      SqlKind.DIVIDE, RuntimeFunctions.DECIMAL_DIVIDE,
      SqlKind.MINUS_PREFIX, RuntimeFunctions.DECIMAL_NEGATE);

  private static final Map<SqlKind, SqlFunction> DOUBLE = Map.of(
      SqlKind.PLUS, RuntimeFunctions.DOUBLE_PLUS,
      SqlKind.MINUS, RuntimeFunctions.DOUBLE_MINUS,
      SqlKind.TIMES, RuntimeFunctions.DOUBLE_TIMES,
      SqlKind.DIVIDE, RuntimeFunctions.DOUBLE_DIVIDE);

  private static final Map<SqlKind, SqlFunction> REAL = Map.of(
      SqlKind.PLUS, RuntimeFunctions.REAL_PLUS,
      SqlKind.MINUS, RuntimeFunctions.REAL_MINUS,
      SqlKind.TIMES, RuntimeFunctions.REAL_TIMES,
      SqlKind.DIVIDE, RuntimeFunctions.REAL_DIVIDE);

  /** Functions of DOUBLE whose result can be none. */
  private static final Set<String> OVERFLOWING = Set.of("EXP", "POWER", "SINH", "COSH", "LN", "LOG10", "SQRT");

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    return rel.accept(new Calls(rel.getCluster().getRexBuilder()));
  }

  private static final class Calls extends RexShuttle {

    private final RexBuilder rexBuilder;
    private final RelDataTypeFactory typeFactory;

    Calls(RexBuilder rexBuilder) {
      this.rexBuilder = rexBuilder;
      this.typeFactory = rexBuilder.getTypeFactory();
    }

    /** Calcite would cut what is no REAL to an infinity. */
    @Override
    public RexNode visitLiteral(RexLiteral literal) {
      if (literal.getType().getSqlTypeName() == SqlTypeName.REAL && !literal.isNull()) {
        FloatArithmetic.real(literal.getValueAs(Double.class));
      }
      return literal;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      RexNode visited = super.visitCall(call);
      if (!(visited instanceof RexCall same)) {
        return visited;
      }
      return switch (call.getKind()) {
        case PLUS, MINUS, TIMES, DIVIDE, MINUS_PREFIX -> arithmetic(same);
        case CAST -> cast(same);
        case OTHER_FUNCTION, OTHER -> function(same);
        default -> same;
      };
    }

    private RexNode arithmetic(RexCall call) {
      RelDataType type = call.getType();
      if (SqlTypeUtil.isInterval(type)) {
        boolean ofInterval = call.getOperands().stream().anyMatch(operand -> SqlTypeUtil.isInterval(operand.getType()));
        return ofInterval ? replaced(call, INTEGRAL.get(call.getKind())) : call;
      }
      if (!call.getOperands().stream().allMatch(operand -> SqlTypeUtil.isNumeric(operand.getType()))) {
        return call;
      }
      return switch (type.getSqlTypeName()) {
        case TINYINT, SMALLINT, INTEGER, BIGINT -> replaced(call, INTEGRAL.get(call.getKind()));
        case DECIMAL -> RuntimeFunctions.decimal(rexBuilder, type, DECIMAL.get(call.getKind()),
            call.getOperands().stream().map(this::decimal).toArray(RexNode[]::new));
        case DOUBLE, FLOAT -> floating(call, DOUBLE.get(call.getKind()), SqlTypeName.DOUBLE);
        case REAL -> floating(call, REAL.get(call.getKind()), SqlTypeName.REAL);
        default -> call;
      };
    }

    private RexNode replaced(RexCall call, SqlOperator operator) {
      return operator == null ? call : rexBuilder.makeCall(call.getType(), operator, call.getOperands());
    }

    private RexNode floating(RexCall call, SqlFunction function, SqlTypeName name) {
      return function == null
          ? call
          : rexBuilder.makeCall(call.getType(), function, call.getOperands().stream().map(operand -> as(operand, name)).toList());
    }

    private RexNode as(RexNode operand, SqlTypeName name) {
      return operand.getType().getSqlTypeName() == name ? operand : narrowed(operand, typeFactory.createSqlType(name));
    }

    private RexNode decimal(RexNode operand) {
      return operand.getType().getSqlTypeName() == SqlTypeName.DECIMAL
          ? operand : narrowed(operand, typeFactory.createSqlType(SqlTypeName.DECIMAL, 19, 0));
    }

    private RexNode narrowed(RexNode operand, RelDataType type) {
      return rexBuilder.makeCast(typeFactory.createTypeWithNullability(type, operand.getType().isNullable()), operand);
    }

    /** Of the smallest integer there is no absolute value. */
    private RexNode absolute(RexCall call) {
      RexNode operand = call.getOperands().getFirst();
      RexNode zero = rexBuilder.makeZeroLiteral(typeFactory.createTypeWithNullability(operand.getType(), false));
      RexNode negated = rexBuilder.makeCall(call.getType(), SqlStdOperatorTable.CHECKED_UNARY_MINUS, List.of(operand));
      return rexBuilder.makeCall(call.getType(), SqlStdOperatorTable.CASE,
          List.of(rexBuilder.makeCall(SqlStdOperatorTable.LESS_THAN, operand, zero), negated, operand));
    }

    private RexNode function(RexCall call) {
      if (call.getOperator() == SqlStdOperatorTable.ABS && SqlTypeUtil.isIntType(call.getType())) {
        return absolute(call);
      }
      boolean overflows = call.getType().getSqlTypeName() == SqlTypeName.DOUBLE && OVERFLOWING.contains(call.getOperator().getName());
      return overflows ? rexBuilder.makeCall(call.getType(), RuntimeFunctions.FINITE, List.of(call)) : call;
    }

    private RexNode cast(RexCall call) {
      RexNode operand = call.getOperands().getFirst();
      if (call.getType().getSqlTypeName() == SqlTypeName.REAL && operand.getType().getSqlTypeName() == SqlTypeName.DOUBLE) {
        return rexBuilder.makeCall(call.getType(), RuntimeFunctions.TO_REAL, List.of(operand));
      }
      return SqlTypeUtil.isCharacter(call.getType()) ? text(call, operand) : call;
    }

    private RexNode text(RexCall cast, RexNode operand) {
      RelDataType type =
          typeFactory.createTypeWithNullability(typeFactory.createSqlType(SqlTypeName.VARCHAR), operand.getType().isNullable());
      SqlFunction function = switch (operand.getType().getSqlTypeName()) {
        case DECIMAL -> RuntimeFunctions.DECIMAL_TEXT;
        case DOUBLE, FLOAT -> RuntimeFunctions.DOUBLE_TEXT;
        case REAL -> RuntimeFunctions.REAL_TEXT;
        case BOOLEAN -> RuntimeFunctions.BOOLEAN_TEXT;
        case TIME -> RuntimeFunctions.TIME_TEXT;
        case TIMESTAMP -> RuntimeFunctions.TIMESTAMP_TEXT;
        default -> null;
      };
      if (function == null) {
        return cast;
      }
      List<RexNode> operands = function == RuntimeFunctions.DECIMAL_TEXT
          ? List.of(operand, RuntimeFunctions.number(rexBuilder, operand.getType().getScale())) : List.of(operand);
      return rexBuilder.makeCast(cast.getType(), rexBuilder.makeCall(type, function, operands));
    }
  }
}
