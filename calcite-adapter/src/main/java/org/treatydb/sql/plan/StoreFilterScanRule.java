package org.treatydb.sql.plan;

import org.apache.calcite.adapter.enumerable.EnumerableFilter;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilderFactory;

/** A filter on a stored table: what it says about the primary key becomes the keys to read, the rest is evaluated on each row. */
final class StoreFilterScanRule extends RelRule<StoreFilterScanRule.Shape> {

  static final RelOptRule INSTANCE = new Shape(RelFactories.LOGICAL_BUILDER, "StoreFilterScanRule", filter -> filter
      .operand(LogicalFilter.class).oneInput(scan -> scan
          .operand(LogicalTableScan.class).predicate(rel -> rel.getTable().unwrap(StoreTable.class) != null).noInputs())).toRule();

  /** What the rule matches; Calcite wants it in this form. */
  record Shape(RelBuilderFactory relBuilderFactory, String description, OperandTransform operandSupplier) implements RelRule.Config {

    @Override
    public RelOptRule toRule() {
      return new StoreFilterScanRule(this);
    }

    @Override
    public RelRule.Config withRelBuilderFactory(RelBuilderFactory factory) {
      return new Shape(factory, description, operandSupplier);
    }

    @Override
    public RelRule.Config withDescription(String newDescription) {
      return new Shape(relBuilderFactory, newDescription, operandSupplier);
    }

    @Override
    public RelRule.Config withOperandSupplier(OperandTransform supplier) {
      return new Shape(relBuilderFactory, description, supplier);
    }
  }

  private StoreFilterScanRule(Shape shape) {
    super(shape);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    LogicalTableScan scan = call.rel(1);
    StoreTable table = scan.getTable().unwrapOrThrow(StoreTable.class);
    RexBuilder rexBuilder = scan.getCluster().getRexBuilder();
    KeyCondition condition =
        KeyConditionFinder.find(rexBuilder, scan.getRowType(), table.descriptor().keyPositions(), filter.getCondition());
    StoreScan read = StoreScan.create(scan.getCluster(), scan.getTable(), condition);
    call.transformTo(condition.remaining().isEmpty()
        ? read
        : EnumerableFilter.create(read, RexUtil.composeConjunction(rexBuilder, condition.remaining())));
  }
}
