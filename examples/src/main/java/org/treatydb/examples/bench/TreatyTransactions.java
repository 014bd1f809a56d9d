package org.treatydb.examples.bench;

import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/** Treaty's transactions, run again by the store's own loop. */
record TreatyTransactions(KvStore store, TransactionOptions options) implements TransactionalEngine {

  @Override
  public void write(List<Row> rows) {
    store.run(transaction -> {
      rows.forEach(row -> transaction.put(row.key(), row.value()));
      return null;
    });
  }

  @Override
  public long sum(KeyRange range) {
    long sum = 0;
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(range)) {
      while (cursor.next()) {
        sum += Row.number(cursor.value());
      }
    }
    return sum;
  }

  @Override
  public Session session() {
    return new TreatySession();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class TreatySession implements Session {

    private final CommitLoop loop = new CommitLoop(store, options);

    @Override
    public byte[] read(byte[] key) {
      try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
        return transaction.get(key);
      }
    }

    @Override
    public void update(byte[] key, byte[] value) {
      loop.commit(transaction -> transaction.put(key, value));
    }

    @Override
    public void change(List<Change> changes) {
      loop.commit(transaction -> {
        List<byte[]> values = changes.stream().map(change -> transaction.getForUpdate(change.key())).toList();
        for (int i = 0; i < values.size(); i++) {
          transaction.put(changes.get(i).key(), changes.get(i).apply(values.get(i)));
        }
      });
    }

    @Override
    public long aborts() {
      return loop.aborts();
    }

    @Override
    public void close() {}
  }
}
