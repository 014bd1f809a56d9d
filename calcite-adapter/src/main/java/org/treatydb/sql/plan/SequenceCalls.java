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
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.ExecutionContext;
import org.treatydb.sql.parser.TreatyParser;

/**
 * Puts calls of functions that plans can run in place of NEXT VALUE FOR s and NEXTVAL('s'), CURRENT VALUE FOR s and CURRVAL('s'). Each has
 * a number of its own, so that no two of them are taken for the same expression. One for each statement.
 */
final class SequenceCalls extends SqlShuttle {

  private static final Function NEXT = new Function("nextval", SqlKind.NEXT_VALUE, "nextValue");
  private static final List<Function> FUNCTIONS = List.of(NEXT, new Function("currval", SqlKind.CURRENT_VALUE, "currentValue"));

  /** What plans call in place of one of the two. */
  private static final class Function extends SqlUserDefinedFunction {

    private final String postgresqlName;
    private final SqlKind standard;

    /**
     * A function.
     *
     * @param postgresqlName how PostgreSQL calls it
     * @param standard what it is in the standard's words
     * @param method how generated code calls it, in {@link ExecutionContext}
     */
    Function(String postgresqlName, SqlKind standard, String method) {
      super(new SqlIdentifier("$" + standard, SqlParserPos.ZERO), SqlKind.OTHER_FUNCTION, ReturnTypes.BIGINT, InferTypes.RETURN_TYPE,
          OperandTypes.operandMetadata(
              List.of(), typeFactory -> ImmutableList.of(integer(typeFactory), integer(typeFactory)), Integer::toString, _ -> false),
          new Implementation(Types.lookupMethod(ExecutionContext.class, method, DataContext.class, int.class)));
      this.postgresqlName = postgresqlName;
      this.standard = standard;
    }

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
  }

  private final Catalog catalog;
  private final AccessRecorder recorder;
  private int calls;

  SequenceCalls(Catalog catalog, AccessRecorder recorder) {
    this.catalog = catalog;
    this.recorder = recorder;
  }

  private static RelDataType integer(RelDataTypeFactory typeFactory) {
    return typeFactory.createSqlType(SqlTypeName.INTEGER);
  }

  /** How generated code calls it. */
  private record Implementation(Method method) implements ScalarFunction, ImplementableFunction {

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
          (translator, call, operands) -> Expressions.call(method, translator.getRoot(), operands.getFirst()), NullPolicy.NONE, false);
    }
  }

  /** The call for the sequence with this id. */
  static SqlNode nextValue(int sequenceId) {
    return call(NEXT, sequenceId, 0);
  }

  private static SqlNode call(Function function, int sequenceId, int number) {
    return function.createCall(SqlParserPos.ZERO, literal(sequenceId), literal(number));
  }

  private static SqlNode literal(int value) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), SqlParserPos.ZERO);
  }

  /** Whether {@code expression} has a number of a sequence in it. */
  static boolean isIn(SqlNode expression) {
    boolean[] found = new boolean[1];
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlCall call) {
        found[0] |= isCall(call);
        return super.visit(call);
      }
    });
    return found[0];
  }

  /** Whether {@code call} gives a number of a sequence. */
  static boolean isCall(SqlCall call) {
    return function(call) != null;
  }

  private static Function function(SqlCall call) {
    return FUNCTIONS.stream().filter(function -> call.getKind() == function.standard || call.getOperator() == function
        || isNamed(call, function.postgresqlName)).findFirst().orElse(null);
  }

  private static boolean isNamed(SqlCall call, String name) {
    return call.getOperator() instanceof SqlFunction function && function.getName().equalsIgnoreCase(name)
        && call.operandCount() == 1 && call.operand(0) instanceof SqlLiteral literal && literal.getTypeName() == SqlTypeName.CHAR;
  }

  /** The name of the sequence that {@code call}, which gives a number of one, names; null if it has the id already. */
  static SqlIdentifier name(SqlCall call) {
    if (call.getOperator() instanceof Function) {
      return null;
    }
    if (call.getKind() == function(call).standard) {
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

  /** {@code expression} with NEXTVAL('s') for NEXT VALUE FOR s, and the like, which can be written as SQL again. */
  static SqlNode written(SqlNode expression) {
    return expression.accept(new SqlShuttle() {
      @Override
      public SqlNode visit(SqlCall call) {
        Function known = function(call);
        if (known == null || call.getKind() != known.standard) {
          return super.visit(call);
        }
        SqlIdentifier function = new SqlIdentifier(known.postgresqlName, SqlParserPos.ZERO);
        SqlLiteral name = SqlLiteral.createCharString(TreatyParser.toSql(call.operand(0)), SqlParserPos.ZERO);
        return new SqlUnresolvedFunction(function, null, null, null, null, SqlFunctionCategory.USER_DEFINED_FUNCTION)
            .createCall(SqlParserPos.ZERO, name);
      }
    });
  }

  @Override
  public SqlNode visit(SqlCall call) {
    Function function = function(call);
    if (function == null) {
      return super.visit(call);
    }
    SqlIdentifier name = name(call);
    if (name == null) {
      // That of an identity column: whoever may write the table may take its numbers.
      return call(function, ((SqlLiteral) call.operand(0)).intValue(true), ++calls);
    }
    SequenceDescriptor sequence = NamedTables.sequence(catalog, name);
    recorder.use(sequence);
    return call(function, sequence.id(), ++calls);
  }
}
