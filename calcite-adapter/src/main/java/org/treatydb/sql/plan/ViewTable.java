package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.catalog.ViewDescriptor;

/** A view as Calcite sees it: where a query names it, its own query stands in the plan. */
final class ViewTable extends AbstractTable implements TranslatableTable {

  private final ViewDescriptor view;
  private final AccessRecorder recorder;

  ViewTable(ViewDescriptor view, AccessRecorder recorder) {
    this.view = view;
    this.recorder = recorder;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    RelDataTypeFactory.Builder row = typeFactory.builder();
    view.columns().forEach(column -> row.add(column.name(), column.type().toRelDataType(typeFactory, column.nullable())));
    return row.build();
  }

  @Override
  public Schema.TableType getJdbcTableType() {
    return Schema.TableType.VIEW;
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    recorder.enterView(view);
    try {
      RelNode query = context.expandView(table.getRowType(), view.sql(), ImmutableList.of(), table.getQualifiedName()).project();
      return RelOptUtil.createCastRel(query, table.getRowType(), true);
    } finally {
      recorder.leaveView();
    }
  }
}
