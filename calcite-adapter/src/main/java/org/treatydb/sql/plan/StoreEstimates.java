package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.BuiltInMetadata;
import org.apache.calcite.rel.metadata.ReflectiveRelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMdCollation;
import org.apache.calcite.rel.metadata.RelMdSelectivity;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/** What is known of the scans of stored tables: the order of an index's rows, and how much of a table a condition selects. */
public final class StoreEstimates {

  static final RelMetadataProvider ORDER =
      ReflectiveRelMetadataProvider.reflectiveSource(new Order(), BuiltInMetadata.Collation.Handler.class);

  static final RelMetadataProvider SELECTIVITY =
      ReflectiveRelMetadataProvider.reflectiveSource(new Conditions(), BuiltInMetadata.Selectivity.Handler.class);

  private StoreEstimates() {}

  /** A scan has the order it was made with; that of the table's key is only one of them. */
  public static final class Order implements BuiltInMetadata.Collation.Handler {

    private Order() {}

    @Override
    public ImmutableList<RelCollation> collations(RelNode rel, RelMetadataQuery mq) {
      return ImmutableList.of();
    }

    /** The order. */
    public ImmutableList<RelCollation> collations(TableScan scan, RelMetadataQuery mq) {
      if (!(scan instanceof StoreScan)) {
        List<RelCollation> orders = RelMdCollation.table(scan.getTable());
        return orders == null ? ImmutableList.of() : ImmutableList.copyOf(orders);
      }
      RelCollation order = scan.getTraitSet().getCollation();
      return order == null || order.getFieldCollations().isEmpty() ? ImmutableList.of() : ImmutableList.of(order);
    }
  }

  /** By the statistics of the table, one conjunct after the other, as if they had nothing to do with each other. */
  public static final class Conditions extends RelMdSelectivity {

    private Conditions() {}

    @Override
    public Double getSelectivity(TableScan scan, RelMetadataQuery mq, RexNode predicate) {
      StoreTable table = scan.getTable().unwrap(StoreTable.class);
      if (table == null || predicate == null) {
        return super.getSelectivity(scan, mq, predicate);
      }
      double selectivity = 1;
      for (RexNode conjunct : RelOptUtil.conjunctions(predicate)) {
        selectivity *= of(scan, table, conjunct);
      }
      return selectivity;
    }

    /** A subset of equal plans has what its first has. */
    public Double getSelectivity(RelSubset subset, RelMetadataQuery mq, RexNode predicate) {
      RelNode plan = subset.getBestOrOriginal();
      return plan == null ? RelMdUtil.guessSelectivity(predicate) : mq.getSelectivity(plan, predicate);
    }

    private static double of(TableScan scan, StoreTable table, RexNode conjunct) {
      ImmutableBitSet columns = RelOptUtil.InputFinder.bits(conjunct);
      int column = columns.cardinality() == 1 ? columns.nth(0) : -1;
      if (column < 0 || !table.selectivity().knows(column)) {
        return RelMdUtil.guessSelectivity(conjunct);
      }
      AccessPath path = new AccessPath(table.descriptor(), null, ImmutableList.of(column));
      KeyCondition condition = KeyConditionFinder.find(scan.getCluster().getRexBuilder(), scan.getRowType(), path, conjunct);
      return condition.isAll() ? RelMdUtil.guessSelectivity(conjunct) : condition.boxes().stream()
          .mapToDouble(box -> table.selectivity().of(column, List.copyOf(box.columns().getFirst()), condition.operands())).sum();
    }
  }
}
