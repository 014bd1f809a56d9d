package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableStatistics;
import org.treatydb.sql.type.ColumnType;

/** A stored table as Calcite sees it. As the target of UPDATE or DELETE it also shows its hidden row id, if any, as a last column. */
final class StoreTable extends AbstractTable implements TranslatableTable {

  /** The name of the hidden row id's column; no one can write it, because it is shown to nobody. */
  static final String ROW_ID = "$rowid";

  /** How many rows a table is thought to have, as long as nobody has counted. */
  private static final double ROWS_GUESS = 10_000;

  private final TableDescriptor descriptor;
  private final TableStatistics statistics;
  private final boolean modifyTarget;
  private final AccessRecorder recorder;

  /**
   * A table.
   *
   * @param statistics null if there are none
   */
  StoreTable(TableDescriptor descriptor, TableStatistics statistics, boolean modifyTarget, AccessRecorder recorder) {
    this.descriptor = descriptor;
    this.statistics = statistics;
    this.modifyTarget = modifyTarget;
    this.recorder = recorder;
  }

  TableDescriptor descriptor() {
    return descriptor;
  }

  Selectivity selectivity() {
    return new Selectivity(descriptor, statistics);
  }

  /** Whether this is the table that a statement changes: its rows are then locked exclusively when they are read. */
  boolean isModifyTarget() {
    return modifyTarget;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder row = typeFactory.builder();
    for (ColumnDescriptor column : descriptor.columns()) {
      row.add(column.name(), column.type().toRelDataType(typeFactory, column.nullable()));
    }
    if (modifyTarget && descriptor.hasRowId()) {
      row.add(ROW_ID, ColumnType.of(ColumnType.Kind.VARBINARY).toRelDataType(typeFactory, false));
    }
    return row.build();
  }

  @Override
  public Statistic getStatistic() {
    double rows = statistics == null ? ROWS_GUESS : Math.max(1, statistics.rows());
    List<ImmutableBitSet> keys = new ArrayList<>();
    if (!descriptor.hasRowId()) {
      keys.add(ImmutableBitSet.of(descriptor.keyPositions()));
    }
    for (AccessPath path : AccessPath.indexes(descriptor)) {
      if (path.index().unique() && path.columns().stream().noneMatch(position -> descriptor.columns().get(position).nullable())) {
        keys.add(ImmutableBitSet.of(path.columns()));
      }
    }
    // The order of the key is none of the table's: who reads it by an index has another.
    return Statistics.of(rows, keys);
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    if (modifyTarget) {
      recorder.readTarget(descriptor);
    } else {
      recorder.read(descriptor);
    }
    return LogicalTableScan.create(context.getCluster(), table, context.getTableHints());
  }
}
