package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.BIGINT;
import static org.treatydb.sql.type.ColumnType.Kind.BOOLEAN;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionView;

/** {@code sys.transactions}: a row for each open transaction, the one that reads it included. */
final class TransactionsView {

  private TransactionsView() {}

  static SystemView over(KvStore store) {
    return new SystemView("transactions", new SystemViews.Columns()
        .add("transaction_id", VARCHAR, false)
        .add("kind", VARCHAR, false)
        .add("read_only", BOOLEAN, false)
        .add("age_millis", BIGINT, false)
        .add("idle_millis", BIGINT, false)
        .add("bytes_written", BIGINT, false)
        .list(), (catalog, nowMillis) -> rows(store.transactions()));
  }

  private static List<Object[]> rows(List<TransactionView> transactions) {
    return transactions.stream().map(each -> new Object[] {
        each.id().toString(), each.kind().name(), each.kind() == TransactionView.Kind.READ_ONLY, each.age().toMillis(),
        each.idle().toMillis(), each.writtenBytes()}).toList();
  }
}
