package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;

/**
 * Partitions the windows of a correlated query by what it takes from the row outside, too. For one such row that changes nothing. But
 * decorrelation runs the query for all of them at once, and Calcite 1.42 then lets a window reach over the rows of several (CALCITE-7584).
 */
final class CorrelatedWindows extends RelHomogeneousShuttle {

  @Override
  public RelNode visit(RelNode other) {
    RelNode rel = super.visit(other);
    if (!(rel instanceof Project project) || !project.containsOver()) {
      return rel;
    }
    Set<RexNode> outside = Outside.of(project);
    return outside.isEmpty() ? rel : project.accept(new Partitioned(project.getCluster().getRexBuilder(), outside));
  }

  /** The fields of rows outside a query that it uses. */
  private static final class Outside extends RelVisitor {

    private final Set<RexFieldAccess> used = new LinkedHashSet<>();
    private final Set<CorrelationId> inside = new HashSet<>();

    static Set<RexNode> of(RelNode query) {
      Outside outside = new Outside();
      outside.go(query);
      outside.used.removeIf(field -> outside.inside.contains(((RexCorrelVariable) field.getReferenceExpr()).id));
      return new LinkedHashSet<>(outside.used);
    }

    @Override
    public void visit(RelNode rel, int ordinal, RelNode parent) {
      if (rel instanceof Correlate correlate) {
        inside.add(correlate.getCorrelationId());
      }
      inside.addAll(rel.getVariablesSet());
      rel.accept(new RexShuttle() {
        @Override
        public RexNode visitFieldAccess(RexFieldAccess field) {
          if (field.getReferenceExpr() instanceof RexCorrelVariable) {
            used.add(field);
          }
          return super.visitFieldAccess(field);
        }
      });
      super.visit(rel, ordinal, parent);
    }
  }

  private static final class Partitioned extends RexShuttle {

    private final RexBuilder rexBuilder;
    private final Set<RexNode> keys;

    Partitioned(RexBuilder rexBuilder, Set<RexNode> keys) {
      this.rexBuilder = rexBuilder;
      this.keys = keys;
    }

    @Override
    public RexWindow visitWindow(RexWindow window) {
      List<RexNode> all = new ArrayList<>(window.partitionKeys);
      all.addAll(keys);
      return rexBuilder.makeWindow(all, ImmutableList.copyOf(window.orderKeys), window.getLowerBound(), window.getUpperBound(),
          window.isRows(), window.getExclude());
    }
  }
}
