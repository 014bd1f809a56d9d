package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.treatydb.sql.exec.TextForm;

/**
 * Makes comparisons with CHAR ignore trailing spaces, as PostgreSQL's do. Columns come from the scan without theirs; here literals,
 * parameters and computed CHARs that are compared with a CHAR lose them too. Two literals are compared as they stand, and so is VARCHAR,
 * where trailing spaces count.
 */
final class CharComparisons extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    return rel.accept(new Comparisons(rel.getCluster().getRexBuilder()));
  }

  private static final class Comparisons extends RexShuttle {

    private final RexBuilder rexBuilder;

    Comparisons(RexBuilder rexBuilder) {
      this.rexBuilder = rexBuilder;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      if (call.getKind() == SqlKind.SEARCH && decides(call.getOperands().getFirst())) {
        return RexUtil.expandSearch(rexBuilder, null, call).accept(this);
      }
      RexCall visited = (RexCall) super.visitCall(call);
      if (call.isA(SqlKind.AND) || call.isA(SqlKind.OR)) {
        return RexUtil.flatten(rexBuilder, visited);
      }
      if (!call.isA(SqlKind.COMPARISON) || visited.getOperands().stream().noneMatch(Comparisons::decides)) {
        return visited;
      }
      List<RexNode> operands = new ArrayList<>();
      visited.getOperands().forEach(operand -> operands.add(compared(operand)));
      return visited.clone(visited.getType(), operands);
    }

    /** Whether the operand makes the comparison one of CHARs; it may have been cast to the other's length. */
    private static boolean decides(RexNode operand) {
      RexNode bare = RexUtil.removeCast(operand);
      return !(bare instanceof RexLiteral) && (isChar(operand.getType()) || isText(operand.getType()) && isChar(bare.getType()));
    }

    private RexNode compared(RexNode operand) {
      if (operand instanceof RexLiteral literal && !literal.isNull() && isText(literal.getType())) {
        return rexBuilder.makeLiteral(TextForm.withoutTrailingSpaces(literal.getValueAs(String.class)));
      }
      RexNode bare = RexUtil.removeCast(operand);
      boolean isColumn = operand instanceof RexInputRef || operand instanceof RexFieldAccess;
      if (bare instanceof RexDynamicParam || bare instanceof RexLiteral || isChar(operand.getType()) && !isColumn) {
        RelDataType text = rexBuilder.getTypeFactory().createTypeWithNullability(
            rexBuilder.getTypeFactory().createSqlType(SqlTypeName.VARCHAR), operand.getType().isNullable());
        return rexBuilder.makeCall(text, RuntimeFunctions.WITHOUT_TRAILING_SPACES, List.of(operand));
      }
      return isWidened(operand, bare) ? bare : operand;
    }

    /** Whether the operand is a CHAR column, cast to a length that cuts nothing; without the cast, keys can answer. */
    private static boolean isWidened(RexNode operand, RexNode bare) {
      int length = operand.getType().getPrecision();
      return isChar(bare.getType()) && (length == RelDataType.PRECISION_NOT_SPECIFIED || length >= bare.getType().getPrecision());
    }

    private static boolean isChar(RelDataType type) {
      return type.getSqlTypeName() == SqlTypeName.CHAR;
    }

    private static boolean isText(RelDataType type) {
      return SqlTypeUtil.isCharacter(type);
    }
  }
}
