package org.treatydb.sql.session;

import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.StatisticsCollector;

/** ANALYZE of some tables: reads them in short snapshots, and locks nothing until it writes down what it found. */
final class Analysis implements FollowUp {

  private static final int BATCH_ROWS = 5_000;

  private final TreatyDatabase database;
  private final KvStore store;
  private final List<TableDescriptor> tables;

  Analysis(TreatyDatabase database, KvStore store, List<TableDescriptor> tables) {
    this.database = database;
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void run(Runnable goOn) {
    for (TableDescriptor table : tables) {
      StatisticsCollector collector = new StatisticsCollector(table);
      for (KeyRange range : collector.ranges()) {
        KeyRange remaining = range;
        while (remaining != null) {
          goOn.run();
          try (KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
            remaining = collector.read(reader, remaining, BATCH_ROWS);
          }
        }
      }
      SessionTransaction.change(database, store, transaction -> {
        // A table that has changed meanwhile may have other columns.
        if (table.equals(transaction.catalog().table(table.id()))) {
          transaction.putStatistics(table, collector.result());
        }
        return null;
      });
    }
  }

  @Override
  public void undo() {
    // Tables that are done stay done.
  }

  /** Within a transaction: reads what that sees, and keeps it locked. */
  static void within(SessionTransaction transaction, TableDescriptor table) {
    StatisticsCollector collector = new StatisticsCollector(table);
    collector.ranges().forEach(range -> collector.read(transaction.store(), range, Integer.MAX_VALUE));
    transaction.putStatistics(table, collector.result());
  }
}
