package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.adapter.enumerable.RexToLixTranslator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.DeriveMode;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexProgramBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.ScanOrder;
import org.treatydb.sql.exec.ScanSource;

/**
 * The physical scan of a stored table: gets, multi-gets or range scans of its primary key, as its {@link KeyCondition} says, forwards or
 * backwards. The buckets of a table that has several are merged if the key's order is asked for. Its rows have all of the table's columns,
 * of which only {@code usedColumns} are filled. Part of Enumerable's generated code, where it is one call of {@link ScanSource#open}.
 */
final class StoreScan extends TableScan implements EnumerableRel {

  private static final Method OPEN = Types.lookupMethod(ScanSource.class, "open", DataContext.class, Object[].class);
  private static final Method OPEN_SCALAR = Types.lookupMethod(ScanSource.class, "openScalar", DataContext.class, Object[].class);

  /** What a seek costs, in rows that a scan would read in the same time. */
  private static final double SEEK_COST = 20;

  private final KeyCondition condition;
  private final boolean reverse;
  private final boolean forUpdate;
  private final ImmutableBitSet usedColumns;

  private StoreScan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table, KeyCondition condition, boolean reverse,
      boolean forUpdate, ImmutableBitSet usedColumns) {
    super(cluster, traits, ImmutableList.of(), table);
    this.condition = condition;
    this.reverse = reverse;
    this.forUpdate = forUpdate;
    this.usedColumns = usedColumns;
  }

  /** A forward scan of what {@code condition} allows, filling all columns. */
  static StoreScan create(RelOptCluster cluster, RelOptTable table, KeyCondition condition) {
    StoreTable stored = table.unwrapOrThrow(StoreTable.class);
    RelTraitSet traits = cluster.traitSetOf(EnumerableConvention.INSTANCE)
        .replaceIfs(RelCollationTraitDef.INSTANCE, () -> stored.getStatistic().getCollations());
    return new StoreScan(cluster, traits, table, condition, false, stored.isModifyTarget(),
        ImmutableBitSet.range(table.getRowType().getFieldCount()));
  }

  /** The same scan, filling only {@code columns}. */
  StoreScan withUsedColumns(ImmutableBitSet columns) {
    return new StoreScan(getCluster(), traitSet, table, condition, reverse, forUpdate, columns);
  }

  /** The same scan, locking exclusively what it reads. */
  StoreScan withForUpdate() {
    return new StoreScan(getCluster(), traitSet, table, condition, reverse, true, usedColumns);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new StoreScan(getCluster(), traits, table, condition, reverse, forUpdate, usedColumns);
  }

  /** A scan gives its key order, or, read backwards, the exact reverse of it; it can also drop a promise of order. */
  @Override
  public RelNode passThrough(RelTraitSet required) {
    RelCollation wanted = required.getCollation();
    if (required.getConvention() != getConvention() || wanted == null || wanted == RelCollations.EMPTY || condition.operandsVaryByRow()) {
      return null;
    }
    Boolean backward = direction(wanted.getFieldCollations());
    return backward == null
        ? null
        : new StoreScan(getCluster(), traitSet.replace(wanted), table, condition, backward, forUpdate, usedColumns);
  }

  /** Whether the wanted order is that of the key, read forward (false) or backward (true); null if neither. */
  private Boolean direction(List<RelFieldCollation> wanted) {
    TableDescriptor descriptor = table.unwrapOrThrow(StoreTable.class).descriptor();
    List<Integer> key = descriptor.keyPositions();
    Boolean backward = null;
    int next = 0;
    for (RelFieldCollation field : wanted) {
      // A column that has only one value does not matter to the order.
      while (next < key.size() && field.getFieldIndex() != key.get(next) && condition.isFixed(next)) {
        next++;
      }
      if (next == key.size() || field.getFieldIndex() != key.get(next)) {
        return null;
      }
      boolean against = field.direction.isDescending() != descriptor.primaryKey().get(next).descending();
      if (backward != null && backward != against) {
        return null;
      }
      backward = against;
      next++;
    }
    return backward;
  }

  @Override
  public DeriveMode getDeriveMode() {
    return DeriveMode.PROHIBITED;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return condition.estimateRows(table.getRowCount());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = estimateRowCount(mq);
    return planner.getCostFactory().makeCost(rows + (double) condition.boxes().size() * bucketsAsked() * SEEK_COST, rows, rows);
  }

  /** How many buckets each box of the condition asks; 1 if the box says which. */
  private int bucketsAsked() {
    TableDescriptor descriptor = table.unwrapOrThrow(StoreTable.class).descriptor();
    return condition.boxes().stream().allMatch(box -> box.isPointsAt(descriptor.partitionKeyIndexes()))
        ? 1 : descriptor.partitioning().buckets();
  }

  private ScanOrder order() {
    boolean ordered = traitSet.getCollation() != null && traitSet.getCollation() != RelCollations.EMPTY;
    return reverse ? ScanOrder.REVERSE : ordered ? ScanOrder.FORWARD : ScanOrder.ANY;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    super.explainTerms(writer);
    writer.item("access", condition.access());
    writer.itemIf("key", condition.describe(table.getRowType().getFieldNames()), !condition.isAll());
    int buckets = bucketsAsked();
    writer.itemIf("buckets", order() == ScanOrder.ANY ? buckets : buckets + " merged", buckets > 1);
    writer.itemIf("reverse", true, reverse);
    writer.itemIf("lock", "exclusive", forUpdate);
    writer.itemIf("columns", columnNames(), usedColumns.cardinality() < getRowType().getFieldCount());
    return writer;
  }

  private List<String> columnNames() {
    List<String> names = new ArrayList<>();
    usedColumns.forEachInt(i -> names.add(getRowType().getFieldNames().get(i)));
    return names;
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    PhysType rows = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    StoreTable stored = table.unwrapOrThrow(StoreTable.class);
    ScanSource source = new ScanSource(
        stored.descriptor(), forUpdate, condition.toBounds(), order(), usedColumns.toBitSet());
    BlockBuilder block = new BlockBuilder();
    Expression operands = Expressions.newArrayInit(Object.class, operandExpressions(implementor, block));
    Method open = rows.getFormat() == JavaRowFormat.SCALAR ? OPEN_SCALAR : OPEN;
    block.add(Expressions.return_(null,
        Expressions.call(implementor.stash(source, ScanSource.class), open, DataContext.ROOT, operands)));
    return implementor.result(rows, block.toBlock());
  }

  /** Code that evaluates the operands of the key condition: literals, parameters, and columns of an enclosing correlation. */
  private List<Expression> operandExpressions(EnumerableRelImplementor implementor, BlockBuilder block) {
    if (condition.operands().isEmpty()) {
      return List.of();
    }
    RelDataType none = implementor.getTypeFactory().builder().build();
    RexProgramBuilder program = new RexProgramBuilder(none, getCluster().getRexBuilder());
    int ordinal = 0;
    for (RexNode operand : condition.operands()) {
      program.addProject(operand, "k" + ordinal++);
    }
    RexProgram projects = program.getProgram();
    PhysType boxed = PhysTypeImpl.of(implementor.getTypeFactory(), nullable(implementor, projects.getOutputRowType()), JavaRowFormat.ARRAY,
        false);
    return RexToLixTranslator.translateProjects(projects, implementor.getTypeFactory(), implementor.getConformance(), block, null, boxed,
        DataContext.ROOT, (list, index, storageType) -> {
          throw new IllegalStateException("A key operand reads no input");
        }, implementor::getCorrelVariableGetter);
  }

  private static RelDataType nullable(EnumerableRelImplementor implementor, RelDataType rowType) {
    var builder = implementor.getTypeFactory().builder();
    rowType.getFieldList().forEach(field -> builder.add(field).nullable(true));
    return builder.build();
  }
}
