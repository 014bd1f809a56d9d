package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;

/** Applies {@link AggregateExpansion} to the aggregates and window functions of a plan without subqueries. */
final class ExactAggregates extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    if (rel instanceof LogicalAggregate aggregate) {
      boolean expands = aggregate.getAggCallList().stream().anyMatch(ExactAggregates::expands);
      return expands ? new OneAggregate(aggregate).expanded() : rel;
    }
    return rel.accept(new OverShuttle(rel.getCluster().getRexBuilder()));
  }

  private static boolean expands(AggregateCall call) {
    return AggregateExpansion.expands(call.getAggregation(), call.getType());
  }

  /** Window functions: each becomes an expression of others over the same window. */
  private static final class OverShuttle extends RexShuttle {

    private final RexBuilder rexBuilder;

    OverShuttle(RexBuilder rexBuilder) {
      this.rexBuilder = rexBuilder;
    }

    @Override
    public RexNode visitOver(RexOver over) {
      switch (over.getAggOperator().getKind()) {
        case PERCENT_RANK -> {
          return percentRank(over);
        }
        case CUME_DIST -> {
          return cumulativeDistribution(over);
        }
        default -> { /* As it is, or expanded. */ }
      }
      if (!AggregateExpansion.expands(over.getAggOperator(), over.getType())) {
        return super.visitOver(over);
      }
      return new AggregateExpansion(rexBuilder, (function, arguments) -> term(over, function, arguments))
          .expand(over.getAggOperator(), over.getOperands(), over.getType());
    }

    /** One less than the rank, by one less than the number of rows; 0 for a single row. */
    private RexNode percentRank(RexOver over) {
      RexNode one = rexBuilder.makeExactLiteral(BigDecimal.ONE, rexBuilder.getTypeFactory().createSqlType(SqlTypeName.BIGINT));
      RexNode rows = rows(over, false);
      RexNode rank = rexBuilder.makeOver(rexBuilder.deriveReturnType(SqlStdOperatorTable.RANK, List.of()), SqlStdOperatorTable.RANK,
          List.of(), over.getWindow().partitionKeys, over.getWindow().orderKeys, RexWindowBounds.UNBOUNDED_PRECEDING,
          RexWindowBounds.CURRENT_ROW, RexWindowExclusion.EXCLUDE_NO_OTHER, true, true, false, false, false);
      RexNode share = rexBuilder.makeCall(SqlStdOperatorTable.DIVIDE,
          doublePrecision(rexBuilder.makeCall(SqlStdOperatorTable.MINUS, rank, one)),
          doublePrecision(rexBuilder.makeCall(SqlStdOperatorTable.MINUS, rows, one)));
      RexNode single = rexBuilder.makeCall(SqlStdOperatorTable.EQUALS, rows, one);
      return rexBuilder.ensureType(over.getType(), rexBuilder.makeCall(SqlStdOperatorTable.CASE, single,
          rexBuilder.makeZeroLiteral(share.getType()), share), true);
    }

    /** The rows up to this one and those that sort like it, by the number of rows. */
    private RexNode cumulativeDistribution(RexOver over) {
      return rexBuilder.ensureType(over.getType(), rexBuilder.makeCall(SqlStdOperatorTable.DIVIDE, doublePrecision(rows(over, true)),
          doublePrecision(rows(over, false))), true);
    }

    private RexNode rows(RexOver over, boolean upToThis) {
      RexWindow window = over.getWindow();
      return rexBuilder.makeOver(rexBuilder.getTypeFactory().createSqlType(SqlTypeName.BIGINT), SqlStdOperatorTable.COUNT, List.of(),
          window.partitionKeys, upToThis ? window.orderKeys : ImmutableList.of(), RexWindowBounds.UNBOUNDED_PRECEDING,
          upToThis ? RexWindowBounds.CURRENT_ROW : RexWindowBounds.UNBOUNDED_FOLLOWING, RexWindowExclusion.EXCLUDE_NO_OTHER, false, true,
          false, false, false);
    }

    private RexNode doublePrecision(RexNode value) {
      return rexBuilder.makeCast(rexBuilder.getTypeFactory().createSqlType(SqlTypeName.DOUBLE), value);
    }

    private RexNode term(RexOver over, SqlAggFunction function, List<RexNode> arguments) {
      RexWindow window = over.getWindow();
      RelDataType type = rexBuilder.deriveReturnType(function, arguments);
      boolean mayBeEmpty = function.getKind() != SqlKind.COUNT
          && function.getKind() != SqlKind.SUM0;
      RelDataType nullable = mayBeEmpty ? rexBuilder.getTypeFactory().createTypeWithNullability(type, true) : type;
      return rexBuilder.makeOver(nullable, function, arguments, window.partitionKeys, window.orderKeys, window.getLowerBound(),
          window.getUpperBound(), window.getExclude(), window.isRows(), true, false, over.isDistinct(), over.ignoreNulls());
    }
  }

  /** Rewrites one aggregate: a projection of its arguments below, the expressions of its terms above. */
  private static final class OneAggregate {

    private final LogicalAggregate aggregate;
    private final RexBuilder rexBuilder;
    private final List<RexNode> arguments = new ArrayList<>();
    private final List<AggregateCall> calls = new ArrayList<>();
    private final int groupCount;

    OneAggregate(LogicalAggregate aggregate) {
      this.aggregate = aggregate;
      this.rexBuilder = aggregate.getCluster().getRexBuilder();
      this.groupCount = aggregate.getGroupCount();
      for (int i = 0; i < aggregate.getInput().getRowType().getFieldCount(); i++) {
        arguments.add(rexBuilder.makeInputRef(aggregate.getInput(), i));
      }
    }

    RelNode expanded() {
      List<RexNode> outputs = new ArrayList<>();
      for (int i = 0; i < groupCount; i++) {
        outputs.add(rexBuilder.makeInputRef(aggregate, i));
      }
      aggregate.getAggCallList().forEach(call -> outputs.add(output(call)));
      RelNode grouped =
          LogicalAggregate.create(input(), aggregate.getHints(), aggregate.getGroupSet(), aggregate.getGroupSets(), calls);
      return LogicalProject.create(grouped, List.of(), outputs, aggregate.getRowType().getFieldNames(), Set.of());
    }

    private RexNode output(AggregateCall call) {
      if (!expands(call)) {
        return add(call.withName(null));
      }
      List<RexNode> given = call.getArgList().stream().map(arguments::get).toList();
      return new AggregateExpansion(rexBuilder, (function, terms) -> term(call, function, terms))
          .expand(call.getAggregation(), given, call.getType());
    }

    private RexNode term(AggregateCall call, SqlAggFunction function, List<RexNode> given) {
      List<Integer> positions = given.stream().map(this::position).toList();
      return add(AggregateCall.create(function, call.isDistinct(), false, false, List.of(), positions, call.filterArg, null,
          RelCollations.EMPTY, aggregate.hasEmptyGroup(), input(), null, null));
    }

    private int position(RexNode argument) {
      int position = arguments.indexOf(argument);
      if (position < 0) {
        arguments.add(argument);
        position = arguments.size() - 1;
      }
      return position;
    }

    private RexNode add(AggregateCall call) {
      int position = calls.indexOf(call);
      if (position < 0) {
        calls.add(call);
        position = calls.size() - 1;
      }
      return rexBuilder.makeInputRef(call.getType(), groupCount + position);
    }

    private RelNode input() {
      return LogicalProject.create(aggregate.getInput(), List.of(), arguments, (List<String>) null, Set.of());
    }
  }
}
