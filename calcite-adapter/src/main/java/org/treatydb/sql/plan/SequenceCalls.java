package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.ExecutionContext;
import org.treatydb.sql.parser.TreatyParser;

/**
 * Puts calls of a function that plans can run in place of NEXT VALUE FOR s and NEXTVAL('s'). Each has a number of its own, so that no two
 * of them are taken for the same expression. One for each statement.
 */
final class SequenceCalls extends SqlShuttle {

  private static final String POSTGRESQL_NAME = "nextval";

  private static final Method NEXT_VALUE = Types.lookupMethod(ExecutionContext.class, "nextValue", DataContext.class, int.class);

  private static final SqlFunction FUNCTION = new SqlUserDefinedFunction(new SqlIdentifier("$NEXT_VALUE", SqlParserPos.ZERO),
      SqlKind.OTHER_FUNCTION, ReturnTypes.BIGINT, InferTypes.RETURN_TYPE, OperandTypes.operandMetadata(
          List.of(), typeFactory -> ImmutableList.of(integer(typeFactory), integer(typeFactory)), Integer::toString, _ -> false),
      new Implementation()) {
    @Override
    public boolean isDeterministic() {
      return false;
    }

    /** Functions are looked up by their names, and this one's is known to nobody. */
    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
      call.getOperandList().forEach(operand -> validator.deriveType(scope, operand));
      return validator.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
    }
  };

  private final Catalog catalog;
  private int calls;

  SequenceCalls(Catalog catalog) {
    this.catalog = catalog;
  }

  private static RelDataType integer(RelDataTypeFactory typeFactory) {
    return typeFactory.createSqlType(SqlTypeName.INTEGER);
  }

  /** How generated code calls it. */
  private static final class Implementation implements ScalarFunction, ImplementableFunction {

    @Override
    public RelDataType getReturnType(RelDataTypeFactory typeFactory) {
      return typeFactory.createSqlType(SqlTypeName.BIGINT);
    }

    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }

    @Override
    public CallImplementor getImplementor() {
      return RexImpTable.createImplementor(
          (translator, call, operands) -> Expressions.call(NEXT_VALUE, translator.getRoot(), operands.getFirst()), NullPolicy.NONE, false);
    }
  }

  /** The call for the sequence with this id. */
  static SqlNode nextValue(int sequenceId) {
    return call(sequenceId, 0);
  }

  private static SqlNode call(int sequenceId, int number) {
    return FUNCTION.createCall(SqlParserPos.ZERO, literal(sequenceId), literal(number));
  }

  private static SqlNode literal(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), SqlParserPos.ZERO);
  }

  /** Whether {@code expression} takes a number of a sequence. */
  static boolean isIn(SqlNode expression) {
    boolean[] found = new boolean[1];
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlCall call) {
        found[0] |= isNextValue(call);
        return super.visit(call);
      }
    });
    return found[0];
  }

  /** Whether {@code call} takes a number of a sequence. */
  static boolean isNextValue(SqlCall call) {
    return call.getKind() == SqlKind.NEXT_VALUE || call.getOperator() == FUNCTION || isNamed(call);
  }

  private static boolean isNamed(SqlCall call) {
    return call.getOperator() instanceof SqlFunction function && function.getName().equalsIgnoreCase(POSTGRESQL_NAME)
        && call.operandCount() == 1 && call.operand(0) instanceof SqlLiteral literal && literal.getTypeName() == SqlTypeName.CHAR;
  }

  /** The name of the sequence that {@code call}, which takes a number of one, names; null if it has the id already. */
  static SqlIdentifier name(SqlCall call) {
    if (call.getOperator() == FUNCTION) {
      return null;
    }
    if (call.getKind() == SqlKind.NEXT_VALUE) {
      return call.operand(0);
    }
    String text = ((SqlLiteral) call.operand(0)).toValue();
    try {
      if (TreatyParser.parseExpression(text) instanceof SqlIdentifier name) {
        return name;
      }
    } catch (SQLException e) {
      // As a text that is another expression.
    }
    throw new SqlFailure(SqlState.INVALID_NAME, "\"" + text + "\" is not the name of a sequence.");
  }

  /** {@code expression} with NEXTVAL('s') for NEXT VALUE FOR s, which can be written as SQL again. */
  static SqlNode written(SqlNode expression) {
    return expression.accept(new SqlShuttle() {
      @Override
      public SqlNode visit(SqlCall call) {
        if (call.getKind() != SqlKind.NEXT_VALUE) {
          return super.visit(call);
        }
        SqlIdentifier function = new SqlIdentifier(POSTGRESQL_NAME, SqlParserPos.ZERO);
        SqlLiteral name = SqlLiteral.createCharString(TreatyParser.toSql(call.operand(0)), SqlParserPos.ZERO);
        return new SqlUnresolvedFunction(function, null, null, null, null, SqlFunctionCategory.USER_DEFINED_FUNCTION)
            .createCall(SqlParserPos.ZERO, name);
      }
    });
  }

  @Override
  public SqlNode visit(SqlCall call) {
    if (!isNextValue(call)) {
      return super.visit(call);
    }
    SqlIdentifier name = name(call);
    if (name == null) {
      return call(((SqlLiteral) call.operand(0)).intValue(true), ++calls);
    }
    SequenceDescriptor sequence = NamedTables.sequence(catalog, name);
    return call(sequence.id(), ++calls);
  }
}
