package org.treatydb.sql.plan;

import java.util.function.Consumer;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.tools.RelBuilderFactory;

/** A rule about stored tables: a pattern, and what it does where that matches. */
final class StoreRule extends RelRule<StoreRule.Shape> {

  /** What the rule matches and does; Calcite wants it in this form. */
  record Shape(RelBuilderFactory relBuilderFactory, String description, OperandTransform operandSupplier, Consumer<RelOptRuleCall> action)
      implements RelRule.Config {

    @Override
    public RelOptRule toRule() {
      return new StoreRule(this);
    }

    @Override
    public RelRule.Config withRelBuilderFactory(RelBuilderFactory factory) {
      return new Shape(factory, description, operandSupplier, action);
    }

    @Override
    public RelRule.Config withDescription(String newDescription) {
      return new Shape(relBuilderFactory, newDescription, operandSupplier, action);
    }

    @Override
    public RelRule.Config withOperandSupplier(OperandTransform supplier) {
      return new Shape(relBuilderFactory, description, supplier, action);
    }
  }

  private StoreRule(Shape shape) {
    super(shape);
  }

  static RelOptRule of(String description, OperandTransform pattern, Consumer<RelOptRuleCall> action) {
    return new Shape(RelFactories.LOGICAL_BUILDER, description, pattern, action).toRule();
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    config.action.accept(call);
  }
}
