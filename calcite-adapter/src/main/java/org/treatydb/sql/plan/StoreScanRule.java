package org.treatydb.sql.plan;

import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.logical.LogicalTableScan;

/** A stored table without a filter: a scan of all its keys. */
final class StoreScanRule extends ConverterRule {

  static final StoreScanRule INSTANCE = Config.INSTANCE
      .withConversion(LogicalTableScan.class, scan -> scan.getTable().unwrap(StoreTable.class) != null, Convention.NONE,
          EnumerableConvention.INSTANCE, "StoreScanRule")
      .withRuleFactory(StoreScanRule::new)
      .toRule(StoreScanRule.class);

  private StoreScanRule(Config config) {
    super(config);
  }

  @Override
  public RelNode convert(RelNode rel) {
    LogicalTableScan scan = (LogicalTableScan) rel;
    StoreTable table = scan.getTable().unwrapOrThrow(StoreTable.class);
    return StoreScan.create(scan.getCluster(), scan.getTable(), KeyCondition.all(AccessPath.primary(table.descriptor())));
  }
}
