package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.type.ColumnType;

/** A stored table as Calcite sees it. As the target of UPDATE or DELETE it also shows its hidden row id, if any, as a last column. */
final class StoreTable extends AbstractTable implements TranslatableTable {

  /** The name of the hidden row id's column; no one can write it, because it is shown to nobody. */
  static final String ROW_ID = "$rowid";

  /** How many rows a table is thought to have, as long as nobody has counted. */
  private static final double ROWS_GUESS = 10_000;

  private final TableDescriptor descriptor;
  private final boolean modifyTarget;

  StoreTable(TableDescriptor descriptor, boolean modifyTarget) {
    this.descriptor = descriptor;
    this.modifyTarget = modifyTarget;
  }

  TableDescriptor descriptor() {
    return descriptor;
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
    if (descriptor.hasRowId()) {
      return Statistics.of(ROWS_GUESS, ImmutableList.of());
    }
    ImmutableBitSet key = ImmutableBitSet.of(descriptor.keyPositions());
    // The rows of several buckets are in the key's order only if somebody merges them.
    List<RelCollation> orders = descriptor.partitioning().isSpread() ? ImmutableList.of() : ImmutableList.of(keyOrder());
    return Statistics.of(ROWS_GUESS, ImmutableList.of(key), ImmutableList.of(), orders);
  }

  private RelCollation keyOrder() {
    List<RelFieldCollation> fields = new ArrayList<>();
    ImmutableList<Integer> positions = descriptor.keyPositions();
    for (int i = 0; i < positions.size(); i++) {
      KeyPart part = descriptor.primaryKey().get(i);
      fields.add(new RelFieldCollation(positions.get(i),
          part.descending() ? RelFieldCollation.Direction.DESCENDING : RelFieldCollation.Direction.ASCENDING));
    }
    return RelCollations.of(fields);
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return LogicalTableScan.create(context.getCluster(), table, context.getTableHints());
  }
}
