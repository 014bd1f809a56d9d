package org.treatydb.sql.plan;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.impl.AggregateFunctionImpl;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.Optionality;
import org.treatydb.sql.exec.DecimalArithmetic;
import org.treatydb.sql.exec.ExactDeviations;
import org.treatydb.sql.exec.FloatArithmetic;
import org.treatydb.sql.exec.FloatDeviations;
import org.treatydb.sql.exec.FloatSum;
import org.treatydb.sql.exec.NumberSeries;
import org.treatydb.sql.exec.TextForm;
import org.treatydb.sql.exec.UuidOrder;

/** Operators that plans use in place of Calcite's where ours compute otherwise; statements cannot name them. */
final class RuntimeFunctions {

  static final SqlFunction DECIMAL_PLUS = decimal("plus", 2);
  static final SqlFunction DECIMAL_MINUS = decimal("minus", 2);
  static final SqlFunction DECIMAL_TIMES = decimal("times", 2);
  static final SqlFunction DECIMAL_DIVIDE = decimal("divide", 2);
  static final SqlFunction DECIMAL_NEGATE = decimal("negate", 1);
  static final SqlFunction DECIMAL_SQUARE_ROOT = decimal("squareRoot", 1);
  static final SqlFunction DECIMAL_FIT = decimal("fit", 1);

  static final SqlFunction DOUBLE_PLUS = of("DOUBLE_PLUS", FloatArithmetic.class, "plus", double.class, double.class);
  static final SqlFunction DOUBLE_MINUS = of("DOUBLE_MINUS", FloatArithmetic.class, "minus", double.class, double.class);
  static final SqlFunction DOUBLE_TIMES = of("DOUBLE_TIMES", FloatArithmetic.class, "times", double.class, double.class);
  static final SqlFunction DOUBLE_DIVIDE = of("DOUBLE_DIVIDE", FloatArithmetic.class, "divide", double.class, double.class);
  static final SqlFunction DOUBLE_SQUARE_ROOT = of("DOUBLE_SQUARE_ROOT", FloatArithmetic.class, "squareRoot", double.class);
  static final SqlFunction REAL_PLUS = of("REAL_PLUS", FloatArithmetic.class, "plus", float.class, float.class);
  static final SqlFunction REAL_MINUS = of("REAL_MINUS", FloatArithmetic.class, "minus", float.class, float.class);
  static final SqlFunction REAL_TIMES = of("REAL_TIMES", FloatArithmetic.class, "times", float.class, float.class);
  static final SqlFunction REAL_DIVIDE = of("REAL_DIVIDE", FloatArithmetic.class, "divide", float.class, float.class);
  static final SqlFunction FINITE = of("FINITE", FloatArithmetic.class, "finite", double.class);
  static final SqlFunction TO_REAL = of("TO_REAL", FloatArithmetic.class, "real", double.class);

  static final SqlFunction DECIMAL_TEXT = of("DECIMAL_TEXT", TextForm.class, "of", BigDecimal.class, int.class);
  static final SqlFunction DOUBLE_TEXT = of("DOUBLE_TEXT", TextForm.class, "of", double.class);
  static final SqlFunction REAL_TEXT = of("REAL_TEXT", TextForm.class, "of", float.class);
  static final SqlFunction BOOLEAN_TEXT = of("BOOLEAN_TEXT", TextForm.class, "of", boolean.class);
  static final SqlFunction TIME_TEXT = of("TIME_TEXT", TextForm.class, "time", int.class);
  static final SqlFunction TIMESTAMP_TEXT = of("TIMESTAMP_TEXT", TextForm.class, "timestamp", long.class);
  static final SqlFunction WITHOUT_TRAILING_SPACES = of("RTRIM", TextForm.class, "withoutTrailingSpaces", String.class);

  static final SqlFunction UUID_ORDER = of("UUID_ORDER", UuidOrder.class, "compare", UUID.class, UUID.class);

  static final SqlAggFunction EXACT_DEVIATIONS = aggregate("EXACT_DEVIATIONS", ExactDeviations.class, SqlTypeName.DECIMAL);
  static final SqlAggFunction FLOAT_DEVIATIONS = aggregate("FLOAT_DEVIATIONS", FloatDeviations.class, SqlTypeName.DOUBLE);

  static final SqlAggFunction FLOAT_SUM = aggregate("FLOAT_SUM", FloatSum.class, SqlTypeName.DOUBLE);

  /** The numbers from one to another, as an array. */
  static final SqlFunction SERIES = new SqlUserDefinedFunction(identifier("GENERATE_SERIES"), SqlKind.OTHER_FUNCTION,
      call -> call.getTypeFactory().createArrayType(call.getTypeFactory().createSqlType(SqlTypeName.BIGINT), -1), InferTypes.ANY_NULLABLE,
      OperandTypes.operandMetadata(Collections.nCopies(3, SqlTypeFamily.EXACT_NUMERIC),
          types -> Collections.nCopies(3, types.createTypeWithNullability(types.createSqlType(SqlTypeName.BIGINT), true)),
          position -> List.of("first", "last", "step").get(position), _ -> false),
      ScalarFunctionImpl.create(Types.lookupMethod(NumberSeries.class, "of", Long.class, Long.class, Long.class)));

  private RuntimeFunctions() {}

  /** A call of one of the DECIMAL functions, which are told the digits of the type they give. */
  static RexNode decimal(RexBuilder rexBuilder, RelDataType type, SqlFunction function, RexNode... operands) {
    List<RexNode> all = new ArrayList<>(List.of(operands));
    all.add(number(rexBuilder, type.getPrecision()));
    all.add(number(rexBuilder, type.getScale()));
    return rexBuilder.makeCall(type, function, all);
  }

  static RexNode number(RexBuilder rexBuilder, int value) {
    return rexBuilder.makeExactLiteral(BigDecimal.valueOf(value), rexBuilder.getTypeFactory().createSqlType(SqlTypeName.INTEGER));
  }

  private static SqlFunction decimal(String method, int operands) {
    String name = "DECIMAL_" + method.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    return operands == 1
        ? of(name, DecimalArithmetic.class, method, BigDecimal.class, int.class, int.class)
        : of(name, DecimalArithmetic.class, method, BigDecimal.class, BigDecimal.class, int.class, int.class);
  }

  private static SqlFunction of(String name, Class<?> owner, String method, Class<?>... parameters) {
    Method implementation = Types.lookupMethod(owner, method, parameters);
    return new SqlUserDefinedFunction(identifier(name), SqlKind.OTHER_FUNCTION, ReturnTypes.ARG0_NULLABLE, InferTypes.RETURN_TYPE, null,
        ScalarFunctionImpl.create(implementation));
  }

  private static SqlAggFunction aggregate(String name, Class<?> owner, SqlTypeName result) {
    SqlReturnTypeInference nullable =
        call -> call.getTypeFactory().createTypeWithNullability(call.getTypeFactory().createSqlType(result), true);
    return new SqlUserDefinedAggFunction(identifier(name), SqlKind.OTHER_FUNCTION, nullable, InferTypes.RETURN_TYPE, null,
        Objects.requireNonNull(AggregateFunctionImpl.create(owner)), false, false, Optionality.FORBIDDEN);
  }

  private static SqlIdentifier identifier(String name) {
    return new SqlIdentifier(name, SqlParserPos.ZERO);
  }
}
