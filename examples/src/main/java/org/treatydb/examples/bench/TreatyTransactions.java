package org.treatydb.examples.bench;

import java.util.List;
import java.util.function.Consumer;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
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

    private long attempts;
    private long commits;

    @Override
    public byte[] read(byte[] key) {
      try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
        return transaction.get(key);
      }
    }

    @Override
    public void update(byte[] key, byte[] value) {
      commit(transaction -> transaction.put(key, value));
    }

    @Override
    public void change(List<Change> changes) {
      commit(transaction -> {
        List<byte[]> values = changes.stream().map(change -> transaction.getForUpdate(change.key())).toList();
        for (int i = 0; i < values.size(); i++) {
          transaction.put(changes.get(i).key(), changes.get(i).apply(values.get(i)));
        }
      });
    }

    private void commit(Consumer<KvTransaction> work) {
      boolean committed = false;
      while (!committed) {
        committed = tryToCommit(work);
      }
      commits++;
    }

    /** Whether it committed before the store's loop gave up. */
    private boolean tryToCommit(Consumer<KvTransaction> work) {
      try {
        return store.run(options, transaction -> {
          attempts++;
          work.accept(transaction);
          return true;
        });
      } catch (KvException.Retryable e) {
        return false;
      }
    }

    @Override
    public long aborts() {
      return attempts - commits;
    }

    @Override
    public void close() {}
  }
}
