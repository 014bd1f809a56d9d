package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableProject;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCostImpl;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableIntList;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.parser.TreatyConformance;

/**
 * Takes a query from relational algebra to generated code, in phases: subqueries, decorrelation, trimming of columns, what we compute
 * otherwise than Calcite, rewrites, join order, then the cost-based choice of physical operators, and last the columns that each scan must
 * fill.
 */
final class QueryCompiler {

  /** From so many joins on, their order is chosen by the heuristic. */
  private static final int HEURISTIC_JOINS_MIN = 2;

  /** A phase of rewriting ends after so many steps, in case two rules undo each other for ever. */
  private static final int MATCHES_MAX = 10_000;

  /** Leaves constant expressions as they are; they are evaluated when a statement runs, so planning compiles nothing. */
  static final RexExecutor NO_FOLDING = (rexBuilder, expressions, reduced) -> reduced.addAll(expressions);

  private QueryCompiler() {}

  /** A new cluster, with the cost-based planner and our estimates. */
  static RelOptCluster cluster(RexBuilder rexBuilder) {
    RelOptCluster cluster = RelOptCluster.create(planner(), rexBuilder);
    cluster.setMetadataProvider(JoinEstimates.PROVIDER);
    return cluster;
  }

  private static VolcanoPlanner planner() {
    VolcanoPlanner planner = new VolcanoPlanner(null, null);
    planner.setExecutor(NO_FOLDING);
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.addRelTraitDef(RelCollationTraitDef.INSTANCE);
    planner.setTopDownOpt(true);
    PlannerRules.PHYSICAL.forEach(planner::addRule);
    return planner;
  }

  /**
   * The physical plan of {@code logical}, with its rows in {@code order}, and of its columns those of {@code output}. The columns are cut
   * only after the plan is chosen: the order may depend on columns that are not in the output.
   */
  static EnumerableRel optimize(RelNode logical, RelCollation order, ImmutableIntList output) {
    RelBuilder relBuilder = RelFactories.LOGICAL_BUILDER.create(logical.getCluster(), null);
    RelNode rel = rewritten(logical, PlannerRules.SUBQUERIES);
    rel = rel.accept(new CorrelatedWindows());
    rel = RelDecorrelator.decorrelateQuery(rel, relBuilder);
    rel = new RelFieldTrimmer(null, relBuilder).trim(rel);
    rel = rel.accept(new AlignedSetOperations());
    rel = rel.accept(new CharComparisons());
    rel = rel.accept(new ExactAggregates());
    rel = rewritten(rel, PlannerRules.REWRITES);
    rel = rel.accept(new CheckedArithmetic());
    if (RelOptUtil.countJoins(rel) > 0) {
      rel = rewritten(rel, PlannerRules.TRANSITIVE_CONDITIONS);
    }
    if (RelOptUtil.countJoins(rel) >= HEURISTIC_JOINS_MIN) {
      rel = rewritten(rel, PlannerRules.JOINS_TO_MULTI_JOIN);
      rel = rewritten(rel, PlannerRules.JOIN_ORDER);
      rel = rewritten(rel, PlannerRules.AFTER_JOIN_ORDER);
    }
    return StoreScans.narrow(calculated(cut(physical(rel, order).accept(new UuidComparisons()), output)));
  }

  private static RelNode rewritten(RelNode rel, List<RelOptRule> rules) {
    HepProgramBuilder program = new HepProgramBuilder();
    program.addMatchOrder(HepMatchOrder.BOTTOM_UP);
    program.addMatchLimit(MATCHES_MAX);
    program.addRuleCollection(rules);
    HepPlanner planner = new HepPlanner(program.build(), null, true, null, RelOptCostImpl.FACTORY);
    planner.setExecutor(NO_FOLDING);
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static RelNode physical(RelNode logical, RelCollation order) {
    VolcanoPlanner planner = (VolcanoPlanner) logical.getCluster().getPlanner();
    RelTraitSet wanted = logical.getCluster().traitSetOf(EnumerableConvention.INSTANCE).replace(order).simplify();
    RelNode root = logical.getTraitSet().equals(wanted) ? logical : planner.changeTraits(logical, wanted);
    planner.setRoot(root);
    return planner.findBestExp();
  }

  private static RelNode cut(RelNode physical, ImmutableIntList output) {
    RelDataType all = physical.getRowType();
    if (output.equals(ImmutableIntList.identity(all.getFieldCount()))) {
      return physical;
    }
    RexBuilder rexBuilder = physical.getCluster().getRexBuilder();
    List<RexNode> projects = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int field : output) {
      projects.add(rexBuilder.makeInputRef(physical, field));
      names.add(all.getFieldNames().get(field));
    }
    RelDataType rowType =
        RexUtil.createStructType(rexBuilder.getTypeFactory(), projects, names, SqlValidatorUtil.F_SUGGESTER);
    return EnumerableProject.create(physical, projects, rowType);
  }

  /** Filters and projects become calculators, which is the form that Enumerable generates code for. */
  private static RelNode calculated(RelNode physical) {
    return rewritten(physical, ImmutableList.of(
        EnumerableRules.ENUMERABLE_FILTER_TO_CALC_RULE,
        EnumerableRules.ENUMERABLE_PROJECT_TO_CALC_RULE,
        CoreRules.CALC_MERGE));
  }

  /** Generates and compiles the code of a physical plan. */
  static CompiledQuery compile(EnumerableRel physical) {
    Map<String, Object> stashed = new HashMap<>();
    stashed.put("_conformance", TreatyConformance.INSTANCE);
    var bindable = EnumerableInterpretable.toBindable(stashed, null, Checkpoint.in(MemoryBounds.in(physical)), EnumerableRel.Prefer.ARRAY);
    return new CompiledQuery(
        bindable, Map.copyOf(stashed), (JavaTypeFactory) physical.getCluster().getTypeFactory(), physical.getRowType().getFieldCount());
  }
}
