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
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.exec.ScanOrder;
import org.treatydb.sql.exec.ScanSource;

/**
 * The physical scan of a stored table: gets, multi-gets or range scans of its primary key or of an index, as its {@link KeyCondition} says,
 * forwards or backwards. What an index does not have is looked up in the rows. The buckets of a table that has several are merged if the
 * key's order is asked for. Its rows have all of the table's columns, of which only {@code usedColumns} are filled. Part of Enumerable's
 * generated code, where it is one call of {@link ScanSource#open}.
 */
final class StoreScan extends TableScan implements EnumerableRel {

  private static final Method OPEN = Types.lookupMethod(ScanSource.class, "open", DataContext.class, Object[].class);
  private static final Method OPEN_SCALAR = Types.lookupMethod(ScanSource.class, "openScalar", DataContext.class, Object[].class);

  /** What a seek costs, and the look-up of a row among many, in rows that a scan would read in the same time. */
  private static final double SEEK_COST = 20;
  private static final double LOOKUP_COST = 10;

  /** What an entry of an index costs that has all columns needed: it is smaller than a row, as a rule. */
  private static final double ENTRY_COST = 0.75;

  private final Access access;

  /**
   * How it reads.
   *
   * @param condition what it reads
   * @param reverse whether backwards
   * @param forUpdate whether it locks exclusively
   * @param usedColumns the columns to fill
   * @param expectedRows after so many rows, those above it are thought to want no more; infinite if they want all
   */
  private record Access(KeyCondition condition, boolean reverse, boolean forUpdate, ImmutableBitSet usedColumns, double expectedRows) {

    boolean covers() {
      return condition.path().isPrimary() || !forUpdate && condition.path().covers(usedColumns.toBitSet());
    }
  }

  private StoreScan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table, Access access) {
    super(cluster, traits, ImmutableList.of(), table);
    this.access = access;
  }

  /** A forward scan of what {@code condition} allows, filling all columns. */
  static StoreScan create(RelOptCluster cluster, RelOptTable table, KeyCondition condition) {
    return create(cluster, table, condition, ImmutableBitSet.range(table.getRowType().getFieldCount()));
  }

  /** A forward scan of what {@code condition} allows, filling these columns. */
  static StoreScan create(RelOptCluster cluster, RelOptTable table, KeyCondition condition, ImmutableBitSet usedColumns) {
    RelTraitSet traits = cluster.traitSetOf(EnumerableConvention.INSTANCE).replace(condition.path().order());
    boolean forUpdate = table.unwrapOrThrow(StoreTable.class).isModifyTarget();
    return new StoreScan(
        cluster, traits, table, new Access(condition, false, forUpdate, usedColumns, Double.POSITIVE_INFINITY));
  }

  private StoreScan with(RelTraitSet traits, Access changed) {
    return new StoreScan(getCluster(), traits, table, changed);
  }

  /** The same scan, filling only {@code columns}. */
  StoreScan withUsedColumns(ImmutableBitSet columns) {
    return with(traitSet, new Access(access.condition, access.reverse, access.forUpdate, columns, access.expectedRows));
  }

  /** The same scan, locking exclusively what it reads. */
  StoreScan withForUpdate() {
    return with(traitSet, new Access(access.condition, access.reverse, true, access.usedColumns, access.expectedRows));
  }

  /** The same scan in this order, of which only the first rows are thought to be wanted; null if it cannot give that order. */
  StoreScan withFirst(RelCollation order, double expectedRows) {
    Boolean backward = access.condition.operandsVaryByRow() ? null : direction(order.getFieldCollations());
    return backward == null ? null
        : with(traitSet.replace(order), new Access(access.condition, backward, access.forUpdate, access.usedColumns, expectedRows));
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return with(traits, access);
  }

  /** A scan gives its key order, or, read backwards, the exact reverse of it; it can also drop a promise of order. */
  @Override
  public RelNode passThrough(RelTraitSet required) {
    RelCollation wanted = required.getCollation();
    if (required.getConvention() != getConvention() || wanted == null || wanted == RelCollations.EMPTY) {
      return null;
    }
    return withFirst(wanted, access.expectedRows);
  }

  /** Whether the wanted order is that of the key, read forward (false) or backward (true); null if neither. */
  private Boolean direction(List<RelFieldCollation> wanted) {
    AccessPath path = access.condition.path();
    List<Integer> key = path.columns();
    Boolean backward = null;
    int next = 0;
    for (RelFieldCollation field : wanted) {
      // A column that has only one value does not matter to the order.
      while (next < key.size() && field.getFieldIndex() != key.get(next) && access.condition.isFixed(next)) {
        next++;
      }
      if (next == key.size() || field.getFieldIndex() != key.get(next) || !nullsFit(field, next)) {
        return null;
      }
      boolean against = field.direction.isDescending() != path.isDescending(next);
      if (backward != null && backward != against) {
        return null;
      }
      backward = against;
      next++;
    }
    return backward;
  }

  /** Whether NULL comes where keys have it, after all values, or, downwards, before; or there is none. */
  private boolean nullsFit(RelFieldCollation field, int keyIndex) {
    return field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
        || field.nullDirection == field.direction.defaultNullDirection()
        || !getRowType().getFieldList().get(field.getFieldIndex()).getType().isNullable()
        || access.condition.excludesNull(keyIndex);
  }

  @Override
  public DeriveMode getDeriveMode() {
    return DeriveMode.PROHIBITED;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double rows = access.condition.estimateRows(table.getRowCount(), table.unwrapOrThrow(StoreTable.class).selectivity());
    return Math.min(rows, access.expectedRows);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = estimateRowCount(mq);
    AccessPath path = access.condition.path();
    double read = path.isPrimary() ? rows : access.covers() ? rows * ENTRY_COST : rows * (1 + LOOKUP_COST);
    double seeks = access.condition.estimateSeeks() * bucketsAsked() * SEEK_COST;
    return planner.getCostFactory().makeCost(read + seeks, rows, rows);
  }

  /** How many buckets each box of the condition asks; 1 if the box says which. */
  private int bucketsAsked() {
    AccessPath path = access.condition.path();
    return access.condition.boxes().stream().allMatch(box -> box.isPointsAt(path.bucketIndexes()))
        ? 1 : path.table().partitioning().buckets();
  }

  private ScanOrder order() {
    boolean ordered = traitSet.getCollation() != null && traitSet.getCollation() != RelCollations.EMPTY;
    return access.reverse ? ScanOrder.REVERSE : ordered ? ScanOrder.FORWARD : ScanOrder.ANY;
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    super.explainTerms(writer);
    KeyCondition condition = access.condition;
    AccessPath path = condition.path();
    writer.itemIf("index", path.isPrimary() ? null : path.index().name(), !path.isPrimary());
    writer.item("access", condition.access());
    writer.itemIf("key", condition.describe(table.getRowType().getFieldNames(), RexNode::toString), !condition.isAll());
    int buckets = bucketsAsked();
    writer.itemIf("buckets", order() == ScanOrder.ANY ? buckets : buckets + " merged", buckets > 1);
    writer.itemIf("reverse", true, access.reverse);
    writer.itemIf("expected", Math.round(access.expectedRows), Double.isFinite(access.expectedRows));
    writer.itemIf("rows", "looked up", !access.covers());
    writer.itemIf("lock", "exclusive", access.forUpdate);
    writer.itemIf("columns", columnNames(), access.usedColumns.cardinality() < getRowType().getFieldCount());
    return writer;
  }

  /** How the store is asked, in words. */
  String describe() {
    KeyCondition condition = access.condition;
    AccessPath path = condition.path();
    List<String> name = table.getQualifiedName();
    String relation = name.size() == 2 && name.getFirst().equals(SchemaDescriptor.PUBLIC.name()) ? name.getLast() : String.join(".", name);
    StringBuilder text = new StringBuilder(condition.access()).append(condition.asksForKeys() ? " from " : " of ").append(relation);
    text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
    if (!path.isPrimary()) {
      text.append(" using ").append(path.index().name());
    }
    if (!condition.isAll()) {
      text.append(": ").append(condition.describe(
          table.getRowType().getFieldNames(), operand -> ExpressionText.of(operand, List.of())));
    }
    List<String> notes = new ArrayList<>();
    int buckets = bucketsAsked();
    if (buckets > 1) {
      notes.add(buckets + (order() == ScanOrder.ANY ? " buckets" : " buckets merged"));
    }
    if (access.reverse) {
      notes.add("backwards");
    }
    if (Double.isFinite(access.expectedRows)) {
      long rows = Math.round(access.expectedRows);
      notes.add("about " + rows + (rows == 1 ? " row" : " rows"));
    }
    if (!access.covers()) {
      notes.add("rows looked up");
    }
    if (access.forUpdate) {
      notes.add("locked exclusively");
    }
    if (access.usedColumns.cardinality() < getRowType().getFieldCount()) {
      notes.add("columns " + String.join(", ", columnNames()));
    }
    notes.forEach(note -> text.append("; ").append(note));
    return text.toString();
  }

  private List<String> columnNames() {
    List<String> names = new ArrayList<>();
    access.usedColumns.forEachInt(i -> names.add(getRowType().getFieldNames().get(i)));
    return names;
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    PhysType rows = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    StoreTable stored = table.unwrapOrThrow(StoreTable.class);
    ScanSource source = new ScanSource(stored.descriptor(), access.condition.path().index(), access.forUpdate,
        access.condition.toBounds(), order(), access.usedColumns.toBitSet());
    BlockBuilder block = new BlockBuilder();
    Expression operands = Expressions.newArrayInit(Object.class, operandExpressions(implementor, block));
    Method open = rows.getFormat() == JavaRowFormat.SCALAR ? OPEN_SCALAR : OPEN;
    block.add(Expressions.return_(null,
        Expressions.call(implementor.stash(source, ScanSource.class), open, DataContext.ROOT, operands)));
    return implementor.result(rows, block.toBlock());
  }

  /** Code that evaluates the operands of the key condition: literals, parameters, and columns of an enclosing correlation. */
  private List<Expression> operandExpressions(EnumerableRelImplementor implementor, BlockBuilder block) {
    if (access.condition.operands().isEmpty()) {
      return List.of();
    }
    RelDataType none = implementor.getTypeFactory().builder().build();
    RexProgramBuilder program = new RexProgramBuilder(none, getCluster().getRexBuilder());
    int ordinal = 0;
    for (RexNode operand : access.condition.operands()) {
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
