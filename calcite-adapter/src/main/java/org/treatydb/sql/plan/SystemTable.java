package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.system.SystemSource;
import org.treatydb.sql.system.SystemView;

/** A system view as Calcite sees it. */
final class SystemTable extends AbstractTable implements MemoryTable {

  /** How many rows a view is thought to have. */
  private static final double ROWS_GUESS = 100;

  private final SystemView view;
  private final Catalog catalog;
  private final AccessRecorder recorder;

  SystemTable(SystemView view, Catalog catalog, AccessRecorder recorder) {
    this.view = view;
    this.catalog = catalog;
    this.recorder = recorder;
  }

  @Override
  public SystemSource source() {
    return new SystemSource(view, catalog);
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder row = typeFactory.builder();
    view.columns().forEach(column -> row.add(column.name(), column.type().toRelDataType(typeFactory, column.nullable())));
    return row.build();
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(ROWS_GUESS, ImmutableList.of());
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.SYSTEM_TABLE;
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    if (view.isRestricted()) {
      recorder.readRestricted(view.name());
    }
    return LogicalTableScan.create(context.getCluster(), table, context.getTableHints());
  }
}
