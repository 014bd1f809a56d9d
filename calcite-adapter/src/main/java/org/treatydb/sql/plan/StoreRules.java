package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableFilter;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule.Done;
import org.apache.calcite.plan.RelRule.OperandBuilder;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;

/** How filters, projections, limits and aggregates of stored tables can be answered by the primary key and by indexes. */
final class StoreRules {

  /** How many rows a LIMIT is thought to want whose number is not known yet. */
  private static final double LIMIT_GUESS = 100;

  /** A filter: what it says about the key or an index becomes the keys to read, the rest is evaluated on each row. */
  private static final RelOptRule FILTER = StoreRule.of("StoreFilter", StoreRules::filteredScan, call -> filter(call.rel(0), call));

  /** Columns that an index has, without looking at the rows. */
  private static final RelOptRule COVERING = StoreRule.of("StoreCovering",
      root -> root.operand(LogicalProject.class).oneInput(StoreRules::scan), call -> covering(call, null, call.rel(1)));

  private static final RelOptRule FILTERED_COVERING = StoreRule.of("StoreFilteredCovering",
      root -> root.operand(LogicalProject.class).oneInput(StoreRules::filteredScan), call -> covering(call, call.rel(1), call.rel(2)));

  /** The first rows in the order of the key or an index. */
  private static final RelOptRule FIRST = StoreRule.of("StoreFirst",
      root -> root.operand(LogicalSort.class).predicate(StoreRules::isLimit).oneInput(StoreRules::scan),
      call -> first(call, null, call.rel(1)));

  private static final RelOptRule FILTERED_FIRST = StoreRule.of("StoreFilteredFirst",
      root -> root.operand(LogicalSort.class).predicate(StoreRules::isLimit).oneInput(StoreRules::filteredScan),
      call -> first(call, call.rel(1), call.rel(2)));

  /** MIN and MAX of a column that the key or an index sorts by. */
  private static final RelOptRule EXTREME = StoreRule.of("StoreExtreme",
      root -> root.operand(LogicalAggregate.class).predicate(StoreRules::isExtreme)
          .oneInput(project -> project.operand(LogicalProject.class).oneInput(StoreRules::scan)),
      call -> extreme(call, null, call.rel(2)));

  private static final RelOptRule FILTERED_EXTREME = StoreRule.of("StoreFilteredExtreme",
      root -> root.operand(LogicalAggregate.class).predicate(StoreRules::isExtreme)
          .oneInput(project -> project.operand(LogicalProject.class).oneInput(StoreRules::filteredScan)),
      call -> extreme(call, call.rel(2), call.rel(3)));

  /** COUNT(*) needs no column, so any index will do. */
  private static final RelOptRule COUNT = StoreRule.of("StoreCount",
      root -> root.operand(LogicalAggregate.class).predicate(StoreRules::needsNoColumn).oneInput(StoreRules::scan),
      StoreRules::count);

  static final List<RelOptRule> ALL = ImmutableList.of(
      StoreScanRule.INSTANCE, FILTER, COVERING, FILTERED_COVERING, FIRST, FILTERED_FIRST, EXTREME, FILTERED_EXTREME, COUNT);

  private StoreRules() {}

  private static Done scan(OperandBuilder operand) {
    return operand.operand(LogicalTableScan.class).predicate(scan -> scan.getTable().unwrap(StoreTable.class) != null).noInputs();
  }

  private static Done filteredScan(OperandBuilder operand) {
    return operand.operand(LogicalFilter.class).oneInput(StoreRules::scan);
  }

  private static StoreTable table(LogicalTableScan scan) {
    return scan.getTable().unwrapOrThrow(StoreTable.class);
  }

  private static KeyCondition condition(LogicalTableScan scan, LogicalFilter filter, AccessPath path) {
    return filter == null ? KeyCondition.all(path)
        : KeyConditionFinder.find(scan.getCluster().getRexBuilder(), scan.getRowType(), path, filter.getCondition());
  }

  /** {@code read}, and what of the condition is left to be evaluated. */
  private static RelNode filtered(StoreScan read, KeyCondition condition) {
    return condition.remaining().isEmpty() ? read
        : EnumerableFilter.create(read, RexUtil.composeConjunction(read.getCluster().getRexBuilder(), condition.remaining()));
  }

  private static void filter(LogicalFilter filter, RelOptRuleCall call) {
    LogicalTableScan scan = call.rel(1);
    for (AccessPath path : AccessPath.all(table(scan).descriptor())) {
      KeyCondition condition = condition(scan, filter, path);
      if (path.isPrimary() || !condition.isAll()) {
        call.transformTo(filtered(StoreScan.create(scan.getCluster(), scan.getTable(), condition), condition));
      }
    }
  }

  private static void covering(RelOptRuleCall call, LogicalFilter filter, LogicalTableScan scan) {
    LogicalProject project = call.rel(0);
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(project.getProjects(), filter == null ? null : filter.getCondition());
    if (table(scan).isModifyTarget()) {
      return;
    }
    for (AccessPath path : AccessPath.indexes(table(scan).descriptor())) {
      if (path.covers(used.toBitSet())) {
        KeyCondition condition = condition(scan, filter, path);
        RelNode read = filtered(StoreScan.create(scan.getCluster(), scan.getTable(), condition, used), condition);
        call.transformTo(EnumerableProject.create(read, project.getProjects(), project.getRowType()));
      }
    }
  }

  private static boolean isLimit(LogicalSort sort) {
    return sort.fetch != null && !sort.getCollation().getFieldCollations().isEmpty();
  }

  private static void first(RelOptRuleCall call, LogicalFilter filter, LogicalTableScan scan) {
    LogicalSort sort = call.rel(0);
    double wanted = number(sort.fetch) + (sort.offset == null ? 0 : number(sort.offset));
    for (AccessPath path : AccessPath.all(table(scan).descriptor())) {
      KeyCondition condition = condition(scan, filter, path);
      RexNode remaining = RexUtil.composeConjunction(scan.getCluster().getRexBuilder(), condition.remaining());
      double selectivity = remaining.isAlwaysTrue() ? 1
          : Math.max(RelMdUtil.guessSelectivity(remaining), 1 / Math.max(1, scan.getTable().getRowCount()));
      StoreScan read = StoreScan.create(scan.getCluster(), scan.getTable(), condition)
          .withFirst(sort.getCollation(), Math.max(1, wanted / selectivity));
      if (read != null) {
        call.transformTo(EnumerableLimit.create(filtered(read, condition), sort.offset, sort.fetch));
      }
    }
  }

  private static double number(RexNode node) {
    return node instanceof RexLiteral ? RexLiteral.intValue(node) : LIMIT_GUESS;
  }

  private static boolean needsNoColumn(LogicalAggregate aggregate) {
    return aggregate.getGroupSet().isEmpty() && aggregate.getGroupSets().size() == 1
        && aggregate.getAggCallList().stream().allMatch(function -> function.getArgList().isEmpty() && function.filterArg < 0);
  }

  private static void count(RelOptRuleCall call) {
    LogicalAggregate aggregate = call.rel(0);
    LogicalTableScan scan = call.rel(1);
    for (AccessPath path : AccessPath.all(table(scan).descriptor())) {
      // A row of one column is its value, which must be there even if nobody looks at it.
      ImmutableBitSet one = ImmutableBitSet.of(path.columns().isEmpty() ? 0 : path.columns().getFirst());
      RelNode rows = StoreScan.create(scan.getCluster(), scan.getTable(), KeyCondition.all(path), one);
      call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(rows)));
    }
  }

  private static boolean isExtreme(LogicalAggregate aggregate) {
    if (!aggregate.getGroupSet().isEmpty() || aggregate.getGroupSets().size() != 1 || aggregate.getAggCallList().size() != 1) {
      return false;
    }
    AggregateCall function = aggregate.getAggCallList().getFirst();
    SqlKind kind = function.getAggregation().getKind();
    return (kind == SqlKind.MIN || kind == SqlKind.MAX) && function.filterArg < 0;
  }

  /** The least value is the first in order that is not NULL. */
  private static void extreme(RelOptRuleCall call, LogicalFilter filter, LogicalTableScan scan) {
    LogicalAggregate aggregate = call.rel(0);
    LogicalProject project = call.rel(1);
    AggregateCall function = aggregate.getAggCallList().getFirst();
    if (!(project.getProjects().get(function.getArgList().getFirst()) instanceof RexInputRef column)
        || AccessPath.all(table(scan).descriptor()).stream().noneMatch(path -> path.columns().contains(column.getIndex()))) {
      return;
    }
    RexBuilder rexBuilder = scan.getCluster().getRexBuilder();
    RelNode rows = project.getInput();
    if (column.getType().isNullable()) {
      RexNode notNull = rexBuilder.makeCall(SqlStdOperatorTable.IS_NOT_NULL, column);
      rows = LogicalFilter.create(scan, filter == null ? notNull
          : RexUtil.composeConjunction(rexBuilder, List.of(filter.getCondition(), notNull)));
    }
    Direction direction =
        function.getAggregation().getKind() == SqlKind.MIN ? Direction.ASCENDING : Direction.DESCENDING;
    RelCollation order = RelCollations.of(new RelFieldCollation(column.getIndex(), direction));
    RelNode first = LogicalSort.create(rows, order, null, rexBuilder.makeExactLiteral(BigDecimal.ONE));
    RelNode projected = project.copy(project.getTraitSet(), List.of(first));
    call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(projected)));
  }
}
