package org.treatydb.sql.plan;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/** Lets a physical plan compare the order of UUIDs with a function of ours: Calcite generates no code for that. */
final class UuidComparisons extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    return rel.accept(new Calls(rel.getCluster().getRexBuilder()));
  }

  private static final class Calls extends RexShuttle {

    private final RexBuilder rexBuilder;

    Calls(RexBuilder rexBuilder) {
      this.rexBuilder = rexBuilder;
    }

    @Override
    public RexNode visitCall(RexCall call) {
      if (!call.getOperands().isEmpty() && call.getOperands().getFirst().getType().getSqlTypeName() == SqlTypeName.UUID) {
        if (call.isA(SqlKind.SEARCH)) {
          return RexUtil.expandSearch(rexBuilder, null, call).accept(this);
        }
        if (call.getKind().belongsTo(List.of(SqlKind.LESS_THAN, SqlKind.LESS_THAN_OR_EQUAL, SqlKind.GREATER_THAN,
            SqlKind.GREATER_THAN_OR_EQUAL))) {
          return compared((RexCall) super.visitCall(call));
        }
      }
      return super.visitCall(call);
    }

    private RexNode compared(RexCall call) {
      RelDataTypeFactory typeFactory = rexBuilder.getTypeFactory();
      RelDataType integer = typeFactory.createSqlType(SqlTypeName.INTEGER);
      RexNode order = rexBuilder.makeCall(
          typeFactory.createTypeWithNullability(integer, call.getType().isNullable()), RuntimeFunctions.UUID_ORDER, call.getOperands());
      return rexBuilder.makeCall(
          call.getType(), call.getOperator(), List.of(order, rexBuilder.makeExactLiteral(BigDecimal.ZERO, integer)));
    }
  }
}
