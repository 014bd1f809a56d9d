package org.treatydb.examples.bench;

import java.util.Iterator;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;

/** Treaty's engine through its Java API. */
record TreatyEngine(EmbeddedStore store) implements EngineUnderTest {

  @Override
  public void write(List<Row> rows) {
    store.run(transaction -> {
      rows.forEach(row -> transaction.put(row.key(), row.value()));
      return null;
    });
  }

  @Override
  public void bulkLoad(Iterator<Row> rows) {
    store.load(KeyRange.ALL, new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public KeyValue next() {
        Row row = rows.next();
        return new KeyValue(row.key(), row.value());
      }
    });
  }

  @Override
  public byte[] get(byte[] key) {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      return transaction.get(key);
    }
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      return transaction.multiGet(keys);
    }
  }

  @Override
  public int scan(byte[] key, int rowsMax) {
    int rows = 0;
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = transaction.scan(new KeyRange(key, null))) {
      while (rows < rowsMax && cursor.next()) {
        cursor.key();
        cursor.value();
        rows++;
      }
    }
    return rows;
  }

  @Override
  public void close() {
    store.close();
  }
}
