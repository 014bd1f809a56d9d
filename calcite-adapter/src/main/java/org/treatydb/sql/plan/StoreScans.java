package org.treatydb.sql.plan;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.util.ImmutableBitSet;

/** Last changes to the scans of a physical plan. */
final class StoreScans {

  private StoreScans() {}

  /** Tells each scan under a calculator which columns the calculator reads, so that it decodes no others. */
  static EnumerableRel narrow(RelNode root) {
    return (EnumerableRel) rewritten(root, rel -> rel instanceof Calc calc
        ? calc.copy(calc.getTraitSet(), narrowed(calc.getInput(), columns(calc.getProgram())), calc.getProgram())
        : rel);
  }

  private static RelNode narrowed(RelNode rel, ImmutableBitSet columns) {
    return switch (rel) {
      case StoreScan scan -> scan.withUsedColumns(columns);
      case EnumerableLimit limit -> limit.copy(limit.getTraitSet(), List.of(narrowed(limit.getInput(), columns)));
      default -> rel;
    };
  }

  /** Makes each scan lock exclusively what it reads. */
  static EnumerableRel forUpdate(RelNode root) {
    return (EnumerableRel) rewritten(root, rel -> rel instanceof StoreScan scan ? scan.withForUpdate() : rel);
  }

  private static RelNode rewritten(RelNode root, UnaryOperator<RelNode> change) {
    return root.accept(new RelHomogeneousShuttle() {
      @Override
      public RelNode visit(RelNode other) {
        return change.apply(super.visit(other));
      }
    });
  }

  private static ImmutableBitSet columns(RexProgram program) {
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    program.getProjectList().forEach(project -> columns.addAll(RelOptUtil.InputFinder.bits(program.expandLocalRef(project))));
    if (program.getCondition() != null) {
      columns.addAll(RelOptUtil.InputFinder.bits(program.expandLocalRef(program.getCondition())));
    }
    return columns.build();
  }
}
