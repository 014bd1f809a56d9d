package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlInternalOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** Calcite's validator in our dialect; knows the types of parameters that are assigned to columns. One for each statement. */
final class StatementValidator extends SqlValidatorImpl {

  private static final Set<SqlKind> ARITHMETIC =
      EnumSet.of(SqlKind.PLUS, SqlKind.MINUS, SqlKind.TIMES, SqlKind.DIVIDE, SqlKind.MOD, SqlKind.MINUS_PREFIX);

  private final Map<Integer, RelDataType> assignedParameters;
  private final Map<Integer, RelDataType> choiceParameters = new HashMap<>();

  /**
   * A validator.
   *
   * @param assignedParameters the types of parameters that stand alone as the source of a column, by parameter index
   */
  StatementValidator(CalciteCatalogReader reader, RelDataTypeFactory typeFactory, Map<Integer, RelDataType> assignedParameters) {
    super(Dialect.OPERATORS, reader, typeFactory, Dialect.VALIDATOR);
    this.assignedParameters = assignedParameters;
  }

  @Override
  protected void inferUnknownTypes(RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
    if (node instanceof SqlDynamicParam parameter) {
      RelDataType assigned = assignedParameters.get(parameter.getIndex());
      RelDataType known = choiceParameters.getOrDefault(parameter.getIndex(), inferredType);
      super.inferUnknownTypes(assigned == null ? unbounded(known) : assigned, scope, node);
    } else if (node instanceof SqlCase choice) {
      inferAlternatives(scope, choice);
      super.inferUnknownTypes(inferredType, scope, node);
    } else if (node.getKind() == SqlKind.OTHER && node instanceof SqlCall call && call.getOperator() == SqlStdOperatorTable.CONCAT) {
      RelDataType text = typeFactory.createSqlType(SqlTypeName.VARCHAR);
      call.getOperandList().forEach(operand -> inferUnknownTypes(text, scope, operand));
    } else {
      if (node instanceof SqlCall call && !call.isA(SqlKind.QUERY)) {
        call.getOperandList().forEach(operand -> inferWithinArithmetic(scope, operand));
      }
      super.inferUnknownTypes(inferredType, scope, node);
    }
  }

  /** The values of one column of VALUES become values of one type; Calcite would take literals as they stand. */
  @Override
  protected void validateValues(SqlCall node, RelDataType targetRowType, SqlValidatorScope scope) {
    super.validateValues(node, targetRowType, scope);
    List<SqlCall> rows = node.getOperandList().stream().map(SqlCall.class::cast).toList();
    for (int column = 0; column < rows.getFirst().operandCount(); column++) {
      new ValuesColumn(this, scope, rows, column).align();
    }
  }

  /** In {@code a + ? > 0} the comparison asks for the type of the sum before anyone has given the parameter the type of {@code a}. */
  private void inferWithinArithmetic(SqlValidatorScope scope, SqlNode node) {
    if (node == null || !ARITHMETIC.contains(node.getKind())) {
      return;
    }
    List<SqlNode> operands = ((SqlCall) node).getOperandList();
    operands.forEach(operand -> inferWithinArithmetic(scope, operand));
    for (SqlNode operand : operands) {
      if (!(operand instanceof SqlDynamicParam)) {
        RelDataType type = deriveType(scope, operand);
        operands.stream().filter(SqlDynamicParam.class::isInstance).forEach(parameter -> inferUnknownTypes(type, scope, parameter));
        return;
      }
    }
  }

  /**
   * The alternatives of CASE, which COALESCE is too, have the type of the first whose type is known. Not so DECIMAL: a parameter beside
   * {@code 2.5} may have more digits than that, and needs a CAST that says how many.
   */
  private void inferAlternatives(SqlValidatorScope scope, SqlCase choice) {
    List<SqlNode> alternatives = new ArrayList<>();
    choice.getThenOperands().forEach(node -> alternatives.add(alternative(node)));
    alternatives.add(choice.getElseOperand());
    alternatives.stream()
        .filter(node -> !(node instanceof SqlDynamicParam) && !SqlUtil.isNullLiteral(node, false))
        .findFirst()
        .map(node -> typeFactory.createTypeWithNullability(deriveType(scope, node), true))
        .filter(type -> !type.equals(unknownType) && type.getSqlTypeName() != SqlTypeName.DECIMAL)
        .ifPresent(type -> alternatives.stream()
            .filter(SqlDynamicParam.class::isInstance)
            .forEach(node -> choiceParameters.putIfAbsent(((SqlDynamicParam) node).getIndex(), type)));
  }

  /** COALESCE marks its operands as not null. */
  private static SqlNode alternative(SqlNode node) {
    return node instanceof SqlCall call && call.getOperator() == SqlInternalOperators.CAST_NOT_NULL ? call.operand(0) : node;
  }

  /** What is only compared with a string of some length may itself be longer; where nothing is known, it is text. */
  private RelDataType unbounded(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case CHAR, VARCHAR, UNKNOWN, NULL -> typeFactory.createTypeWithNullability(typeFactory.createSqlType(SqlTypeName.VARCHAR), true);
      case BINARY, VARBINARY -> typeFactory.createTypeWithNullability(typeFactory.createSqlType(SqlTypeName.VARBINARY), true);
      default -> type;
    };
  }
}
