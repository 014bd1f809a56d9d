package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.INTEGER;
import static org.treatydb.sql.type.ColumnType.Kind.TIMESTAMP;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.KeyLayout;
import org.treatydb.sql.catalog.TableDescriptor;

/**
 * {@code sys.locks}: a row for each transaction that holds locks, and one for each that waits and each that it waits for.
 */
final class LocksView {

  private static final String HELD = "HELD";
  private static final String WAITING = "WAITING";

  private LocksView() {}

  static SystemView over(KvStore store) {
    return new SystemView("locks", new SystemViews.Columns()
        .add("transaction_id", VARCHAR, false)
        .add("state", VARCHAR, false)
        .add("since", TIMESTAMP, false)
        .add("waits_for", VARCHAR, true)
        .add("mode", VARCHAR, true)
        .add("key_count", INTEGER, true)
        .add("range_count", INTEGER, true)
        .add("schema_name", VARCHAR, true)
        .add("table_name", VARCHAR, true)
        .add("key_start", VARCHAR, true)
        .add("key_end", VARCHAR, true)
        .list(), (catalog, nowMillis) -> rows(store.locks(), catalog, nowMillis));
  }

  private static List<Object[]> rows(LockView locks, Catalog catalog, long nowMillis) {
    List<Object[]> rows = new ArrayList<>();
    for (LockView.Holder holder : locks.holders()) {
      rows.add(new Object[] {
          holder.transaction().toString(), HELD, since(nowMillis, holder.heldNanos()), null, null, holder.keys(), holder.ranges(),
          null, null, null, null});
    }
    for (LockView.Waiter waiter : locks.waiters()) {
      if (waiter.blockers().isEmpty()) {
        rows.add(waiting(waiter, null, catalog, nowMillis));
      }
      for (TransactionId blocker : waiter.blockers()) {
        rows.add(waiting(waiter, blocker.toString(), catalog, nowMillis));
      }
    }
    return rows;
  }

  private static long since(long nowMillis, long nanos) {
    return nowMillis - TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static Object[] waiting(LockView.Waiter waiter, String blocker, Catalog catalog, long nowMillis) {
    KeyRange range = waiter.range();
    TableDescriptor table = KeyLayout.tableOf(catalog, range);
    return new Object[] {
        waiter.transaction().toString(), WAITING, since(nowMillis, waiter.waitedNanos()), blocker,
        waiter.exclusive() ? "EXCLUSIVE" : "SHARED", null, null,
        table == null ? null : catalog.schemaName(table), table == null ? null : table.name(),
        HexFormat.of().formatHex(range.start()), range.end() == null ? null : HexFormat.of().formatHex(range.end())};
  }
}
