package org.treatydb.sql.plan;

import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;

/**
 * ORDER BY with LIMIT in one: keeps only the rows that will be given. Unlike Calcite's own, it knows that it reads its whole input, so that
 * reading rows in the order of the key and stopping early is preferred to it.
 */
final class TopRows extends EnumerableLimitSort {

  private TopRows(RelOptCluster cluster, RelTraitSet traits, RelNode input, RelCollation collation, RexNode offset, RexNode fetch) {
    super(cluster, traits, input, collation, offset, fetch);
  }

  @Override
  public TopRows copy(RelTraitSet traits, RelNode input, RelCollation collation, RexNode offset, RexNode fetch) {
    return new TopRows(getCluster(), traits, input, collation, offset, fetch);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double read = mq.getRowCount(getInput());
    return planner.getCostFactory().makeCost(read, read, 0);
  }

  /** Makes them. */
  static final class Rule extends ConverterRule {

    static final Rule INSTANCE = Config.INSTANCE
        .withConversion(LogicalSort.class,
            sort -> (sort.fetch != null || sort.offset != null) && !sort.collation.getFieldCollations().isEmpty(),
            Convention.NONE, EnumerableConvention.INSTANCE, "TopRowsRule")
        .withRuleFactory(Rule::new)
        .toRule(Rule.class);

    private Rule(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      LogicalSort sort = (LogicalSort) rel;
      RelNode input = sort.getInput();
      RelTraitSet traits = sort.getCluster().traitSetOf(EnumerableConvention.INSTANCE).replace(sort.getCollation());
      return new TopRows(sort.getCluster(), traits,
          convert(sort.getCluster().getPlanner(), input, input.getTraitSet().replace(EnumerableConvention.INSTANCE)),
          sort.getCollation(), sort.offset, sort.fetch);
    }
  }
}
