package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.interpreter.Bindables;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.FilterMergeRule;
import org.apache.calcite.rel.rules.FilterProjectTransposeRule;
import org.apache.calcite.rel.rules.PruneEmptyRules;
import org.apache.calcite.rex.RexUtil;

/** The rules of each planning phase. */
final class PlannerRules {

  /** Turns subqueries in expressions into joins and correlations. */
  static final List<RelOptRule> SUBQUERIES = ImmutableList.of(
      CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
      CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
      CoreRules.JOIN_SUB_QUERY_TO_CORRELATE,
      CoreRules.PROJECT_OVER_SUM_TO_SUM0_RULE);

  /** Moves filters down to the tables and simplifies; each makes the plan smaller, so no cost is asked. */
  static final List<RelOptRule> REWRITES = ImmutableList.of(
      CoreRules.FILTER_MERGE,
      CoreRules.FILTER_INTO_JOIN,
      CoreRules.JOIN_CONDITION_PUSH,
      CoreRules.JOIN_PUSH_EXPRESSIONS,
      CoreRules.FILTER_PROJECT_TRANSPOSE,
      CoreRules.FILTER_AGGREGATE_TRANSPOSE,
      CoreRules.FILTER_SET_OP_TRANSPOSE,
      CoreRules.FILTER_WINDOW_TRANSPOSE,
      CoreRules.FILTER_REDUCE_EXPRESSIONS,
      CoreRules.AGGREGATE_REDUCE_FUNCTIONS,
      CoreRules.AGGREGATE_EXPAND_WITHIN_DISTINCT,
      CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES,
      CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW,
      CoreRules.PROJECT_MERGE,
      CoreRules.PROJECT_REMOVE,
      CoreRules.SORT_REMOVE_CONSTANT_KEYS,
      PruneEmptyRules.UNION_INSTANCE,
      PruneEmptyRules.PROJECT_INSTANCE,
      PruneEmptyRules.FILTER_INSTANCE,
      PruneEmptyRules.SORT_INSTANCE,
      PruneEmptyRules.AGGREGATE_INSTANCE,
      PruneEmptyRules.JOIN_LEFT_INSTANCE,
      PruneEmptyRules.JOIN_RIGHT_INSTANCE);

  /** From {@code a.x = b.x AND a.x = 3} concludes {@code b.x = 3}, so that both sides are read by it. */
  static final List<RelOptRule> TRANSITIVE_CONDITIONS = ImmutableList.of(
      CoreRules.JOIN_PUSH_TRANSITIVE_PREDICATES,
      CoreRules.FILTER_INTO_JOIN,
      CoreRules.FILTER_PROJECT_TRANSPOSE,
      CoreRules.FILTER_AGGREGATE_TRANSPOSE,
      CoreRules.FILTER_MERGE);

  /** Chooses the order of inner joins by a heuristic, which many tables do not blow up. */
  static final List<RelOptRule> JOINS_TO_MULTI_JOIN = ImmutableList.of(CoreRules.JOIN_TO_MULTI_JOIN);

  static final List<RelOptRule> JOIN_ORDER = ImmutableList.of(CoreRules.MULTI_JOIN_OPTIMIZE);

  /** What joins leave behind after their order was chosen. */
  static final List<RelOptRule> AFTER_JOIN_ORDER = ImmutableList.of(
      CoreRules.FILTER_INTO_JOIN,
      CoreRules.JOIN_CONDITION_PUSH,
      CoreRules.FILTER_PROJECT_TRANSPOSE,
      CoreRules.FILTER_MERGE,
      CoreRules.PROJECT_MERGE,
      CoreRules.PROJECT_REMOVE);

  /** Brings the condition of a join by lookup down to the table that is looked up. */
  private static final RelOptRule CORRELATED_FILTER_PAST_PROJECT = FilterProjectTransposeRule.Config.DEFAULT
      .withOperandFor(LogicalFilter.class, filter -> RexUtil.containsCorrelation(filter.getCondition()), LogicalProject.class, _ -> true)
      .withDescription("CorrelatedFilterProjectTransposeRule")
      .toRule();

  private static final RelOptRule CORRELATED_FILTER_MERGE = FilterMergeRule.Config.DEFAULT
      .withOperandSupplier(above -> above.operand(LogicalFilter.class)
          .predicate(filter -> RexUtil.containsCorrelation(filter.getCondition()))
          .oneInput(below -> below.operand(LogicalFilter.class).anyInputs()))
      .withDescription("CorrelatedFilterMergeRule")
      .toRule();

  /** Finds the cheapest physical plan. */
  static final List<RelOptRule> PHYSICAL = ImmutableList.<RelOptRule>builder().addAll(StoreRules.ALL).add(
      MemoryScan.Rule.INSTANCE,
      CoreRules.JOIN_COMMUTE,
      CoreRules.JOIN_TO_CORRELATE,
      CORRELATED_FILTER_PAST_PROJECT,
      CORRELATED_FILTER_MERGE,
      CoreRules.SORT_PROJECT_TRANSPOSE,
      CoreRules.SORT_REMOVE,
      CoreRules.UNION_TO_DISTINCT,
      CoreRules.INTERSECT_TO_DISTINCT,
      CoreRules.MINUS_TO_DISTINCT,
      EnumerableRules.ENUMERABLE_JOIN_RULE,
      EnumerableRules.ENUMERABLE_ASOFJOIN_RULE,
      EnumerableRules.ENUMERABLE_CORRELATE_RULE,
      EnumerableRules.ENUMERABLE_CONDITIONAL_CORRELATE_RULE,
      EnumerableRules.ENUMERABLE_PROJECT_RULE,
      EnumerableRules.ENUMERABLE_FILTER_RULE,
      EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
      EnumerableRules.ENUMERABLE_SORT_RULE,
      TopRows.Rule.INSTANCE,
      EnumerableRules.ENUMERABLE_LIMIT_RULE,
      EnumerableRules.ENUMERABLE_COLLECT_RULE,
      EnumerableRules.ENUMERABLE_UNCOLLECT_RULE,
      EnumerableRules.ENUMERABLE_UNION_RULE,
      EnumerableRules.ENUMERABLE_INTERSECT_RULE,
      EnumerableRules.ENUMERABLE_MINUS_RULE,
      EnumerableRules.ENUMERABLE_REPEAT_UNION_RULE,
      EnumerableRules.ENUMERABLE_TABLE_SPOOL_RULE,
      EnumerableRules.ENUMERABLE_VALUES_RULE,
      EnumerableRules.ENUMERABLE_WINDOW_RULE,
      EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE,
      EnumerableRules.ENUMERABLE_MATCH_RULE,
      EnumerableRules.TO_INTERPRETER,
      Bindables.BINDABLE_TABLE_SCAN_RULE).build();

  private PlannerRules() {}
}
