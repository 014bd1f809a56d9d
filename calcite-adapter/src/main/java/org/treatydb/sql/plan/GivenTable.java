package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.GivenRows;

/** Rows of a stored table that a statement changes, as Calcite sees them. */
final class GivenTable extends AbstractTable implements MemoryTable {

  /** The column with the number of the row; no one can write its name. */
  static final String NUMBER = "\u0000number";

  /** How many rows a statement is thought to change. */
  private static final double ROWS_GUESS = 10;

  private final TableDescriptor descriptor;
  private final boolean numbered;
  private final GivenRows rows;

  /**
   * A table.
   *
   * @param numbered whether it shows the column {@link #NUMBER}
   */
  GivenTable(TableDescriptor descriptor, boolean numbered) {
    this.descriptor = descriptor;
    this.numbered = numbered;
    this.rows = new GivenRows(descriptor);
  }

  @Override
  public GivenRows source() {
    return rows;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder row = typeFactory.builder();
    descriptor.columns().forEach(column -> row.add(column.name(), column.type().toRelDataType(typeFactory, column.nullable())));
    if (numbered) {
      row.add(NUMBER, typeFactory.createSqlType(SqlTypeName.INTEGER));
    }
    return row.build();
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(ROWS_GUESS, ImmutableList.of());
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return LogicalTableScan.create(context.getCluster(), table, context.getTableHints());
  }
}
