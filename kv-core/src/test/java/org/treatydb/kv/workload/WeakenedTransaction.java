package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.workload.WeakenedStore.Weakness;

/** A read-write transaction of a {@link WeakenedStore}: reads that should keep locks come from snapshots of the moment. */
final class WeakenedTransaction implements KvTransaction {

  private final KvStore store;
  private final Weakness weakness;
  private final KvTransaction strict;
  private NavigableMap<byte[], byte[]> writes = new TreeMap<>(Arrays::compareUnsigned);

  private record Mark(Savepoint strict, Map<byte[], byte[]> writes) implements Savepoint {}

  WeakenedTransaction(KvStore store, Weakness weakness, TransactionOptions options) {
    this.store = store;
    this.weakness = weakness;
    this.strict = store.begin(weakness.isOptimistic() ? options.withConcurrencyControl(ConcurrencyControl.OPTIMISTIC) : options);
  }

  @Override
  public TransactionId id() {
    return strict.id();
  }

  @Override
  public byte[] get(byte[] key) {
    if (!weakness.forgetsKeys() || writes.containsKey(key)) {
      return strict.get(key);
    }
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      return snapshot.get(key);
    }
  }

  @Override
  public byte[] getForUpdate(byte[] key) {
    return weakness.isOptimistic() ? get(key) : strict.getForUpdate(key);
  }

  @Override
  public List<byte[]> multiGet(List<byte[]> keys) {
    List<byte[]> values = new ArrayList<>();
    keys.forEach(key -> values.add(get(key)));
    return values;
  }

  @Override
  public KvCursor scan(KeyRange range, ScanOptions options) {
    if (!weakness.forgetsRanges()) {
      return strict.scan(range, options);
    }
    NavigableMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = snapshot.scan(range)) {
      while (cursor.next()) {
        found.put(cursor.key(), cursor.value());
      }
    }
    writes.forEach((key, value) -> {
      if (range.contains(key)) {
        found.put(key, value);
      }
    });
    found.values().removeIf(value -> value == null);
    return new Rows((options.reverse() ? found.descendingMap() : found).entrySet().iterator());
  }

  @Override
  public void put(byte[] key, byte[] value) {
    strict.put(key, value);
    writes.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    strict.delete(key);
    writes.put(key, null);
  }

  @Override
  public Savepoint savepoint() {
    return new Mark(strict.savepoint(), new TreeMap<>(writes));
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    Mark mark = (Mark) savepoint;
    strict.rollbackTo(mark.strict);
    writes = new TreeMap<>(Arrays::compareUnsigned);
    writes.putAll(mark.writes);
  }

  @Override
  public void release(Savepoint savepoint) {
    strict.release(((Mark) savepoint).strict);
  }

  @Override
  public void commit() {
    if (weakness != Weakness.COMMITS_ARE_NOT_ATOMIC) {
      strict.commit();
      return;
    }
    strict.rollback();
    int half = writes.size() / 2;
    for (boolean first : new boolean[] {true, false}) {
      store.run(transaction -> {
        int position = 0;
        for (Map.Entry<byte[], byte[]> write : writes.entrySet()) {
          if (position++ < half == first) {
            apply(transaction, write);
          }
        }
        return null;
      });
    }
  }

  private static void apply(KvTransaction transaction, Map.Entry<byte[], byte[]> write) {
    if (write.getValue() == null) {
      transaction.delete(write.getKey());
    } else {
      transaction.put(write.getKey(), write.getValue());
    }
  }

  @Override
  public void rollback() {
    strict.rollback();
  }

  @Override
  public void setCancelled(boolean cancelled) {
    strict.setCancelled(cancelled);
  }

  @Override
  public void close() {
    strict.close();
  }

  private static final class Rows implements KvCursor {

    private final Iterator<Map.Entry<byte[], byte[]>> source;
    private Map.Entry<byte[], byte[]> row;

    Rows(Iterator<Map.Entry<byte[], byte[]>> source) {
      this.source = source;
    }

    @Override
    public boolean next() {
      row = source.hasNext() ? source.next() : null;
      return row != null;
    }

    @Override
    public byte[] key() {
      return row.getKey();
    }

    @Override
    public byte[] value() {
      return row.getValue();
    }

    @Override
    public void close() {
      // The snapshot is closed already.
    }
  }
}
