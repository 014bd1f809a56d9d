package org.treatydb.sql.exec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.Enumerator;
import org.treatydb.kv.api.KvTransaction;

/**
 * Fetches the rows that entries of an index stand for, in the order of the entries: by multi-get in batches, which begin small, for those
 * who want only the first rows.
 */
final class LookupEnumerator implements Enumerator<Object[]> {

  private static final int BATCH_ROWS_FIRST = 4;
  private static final int BATCH_GROWTH = 4;

  private final ExecutionContext context;
  private final ScanSource source;
  private final Enumerator<Object[]> entries;
  private final ArrayDeque<Object[]> fetched = new ArrayDeque<>();
  private int batchRows = BATCH_ROWS_FIRST;
  private Object[] current;

  /**
   * A fetcher.
   *
   * @param entries gives rows with the values of the primary key
   */
  LookupEnumerator(ExecutionContext context, ScanSource source, Enumerator<Object[]> entries) {
    this.context = context;
    this.source = source;
    this.entries = entries;
  }

  @Override
  public Object[] current() {
    return current;
  }

  @Override
  public boolean moveNext() {
    while (fetched.isEmpty()) {
      if (!fetch()) {
        return false;
      }
    }
    current = fetched.poll();
    return true;
  }

  /** Fetches a batch; false if there is no entry left. */
  private boolean fetch() {
    List<byte[]> keys = new ArrayList<>();
    while (keys.size() < batchRows && entries.moveNext()) {
      keys.add(source.rowKey(entries.current()));
    }
    batchRows = Math.min(ScanEnumerator.BATCH_KEYS_MAX, batchRows * BATCH_GROWTH);
    KvTransaction transaction = context.transaction();
    if (source.isForUpdate()) {
      keys.forEach(key -> keep(key, transaction.getForUpdate(key)));
    } else if (keys.size() == 1) {
      keep(keys.getFirst(), transaction.get(keys.getFirst()));
    } else if (!keys.isEmpty()) {
      List<byte[]> values = transaction.multiGet(keys);
      for (int i = 0; i < keys.size(); i++) {
        keep(keys.get(i), values.get(i));
      }
    }
    return !keys.isEmpty();
  }

  /** A row can be gone only if this transaction has deleted it since the scan was opened. */
  private void keep(byte[] key, byte[] value) {
    if (value != null) {
      fetched.add(source.row(key, value));
    }
  }

  @Override
  public void reset() {
    fetched.clear();
    batchRows = BATCH_ROWS_FIRST;
    entries.reset();
  }

  @Override
  public void close() {
    fetched.clear();
    entries.close();
  }
}
