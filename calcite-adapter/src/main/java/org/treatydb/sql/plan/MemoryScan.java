package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Method;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.treatydb.sql.exec.MemoryRows;

/** The physical scan of a {@link MemoryTable}. */
final class MemoryScan extends TableScan implements EnumerableRel {

  private static final Method OPEN = Types.lookupMethod(MemoryRows.class, "open", DataContext.class);
  private static final Method OPEN_SCALAR = Types.lookupMethod(MemoryRows.class, "openScalar", DataContext.class);

  private MemoryScan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table) {
    super(cluster, traits, ImmutableList.of(), table);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new MemoryScan(getCluster(), traits, table);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    PhysType rows = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    MemoryRows source = table.unwrapOrThrow(MemoryTable.class).source();
    Method open = rows.getFormat() == JavaRowFormat.SCALAR ? OPEN_SCALAR : OPEN;
    return implementor.result(
        rows, Blocks.toBlock(Expressions.call(implementor.stash(source, MemoryRows.class), open, DataContext.ROOT)));
  }

  /** Makes it. */
  static final class Rule extends ConverterRule {

    static final Rule INSTANCE = Config.INSTANCE
        .withConversion(LogicalTableScan.class, scan -> scan.getTable().unwrap(MemoryTable.class) != null, Convention.NONE,
            EnumerableConvention.INSTANCE, "MemoryScanRule")
        .withRuleFactory(Rule::new)
        .toRule(Rule.class);

    private Rule(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      return new MemoryScan(rel.getCluster(), rel.getCluster().traitSetOf(EnumerableConvention.INSTANCE), rel.getTable());
    }
  }
}
