package org.treatydb.sql.exec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.linq4j.Enumerator;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;

/**
 * Walks the rows of some key spans: single keys are read with get or, when several follow each other, multi-get in batches; ranges with a
 * scan. Opens the store's cursors only as it gets to them.
 */
final class ScanEnumerator implements Enumerator<Object[]> {

  /** How many keys go into one multi-get. */
  static final int BATCH_KEYS_MAX = 256;

  private final ExecutionContext context;
  private final ScanSource source;
  private final List<KeySpan> spans;
  private final ArrayDeque<Entry> fetched = new ArrayDeque<>();
  private Iterator<KeySpan> remaining;
  private KeySpan pushedBack;
  private KvCursor cursor;
  private byte[] currentKey;
  private Object[] current;

  private record Entry(byte[] key, Object[] row) {}

  ScanEnumerator(ExecutionContext context, ScanSource source, List<KeySpan> spans) {
    this.context = context;
    this.source = source;
    this.spans = spans;
    this.remaining = spans.iterator();
  }

  @Override
  public Object[] current() {
    return current;
  }

  /** The key of the present row. */
  byte[] currentKey() {
    return currentKey;
  }

  @Override
  public boolean moveNext() {
    context.checkCancelled();
    while (true) {
      if (cursor != null) {
        if (cursor.next()) {
          currentKey = cursor.key();
          current = source.scanned(currentKey, cursor.value());
          return true;
        }
        closeCursor();
      }
      if (!fetched.isEmpty()) {
        Entry entry = fetched.poll();
        currentKey = entry.key;
        current = entry.row;
        return true;
      }
      KeySpan span = nextSpan();
      if (span == null) {
        return false;
      }
      if (span.isPoint()) {
        fetch(span);
      } else {
        ScanOptions options = source.isReverse() ? ScanOptions.REVERSE : ScanOptions.FORWARD;
        cursor = context.opened(
            context.transaction().scan(span.range(), source.isForUpdate() ? options.withForUpdate() : options));
      }
    }
  }

  private KeySpan nextSpan() {
    KeySpan span = pushedBack;
    pushedBack = null;
    return span != null ? span : remaining.hasNext() ? remaining.next() : null;
  }

  private void fetch(KeySpan first) {
    List<byte[]> keys = new ArrayList<>();
    keys.add(first.start());
    while (keys.size() < BATCH_KEYS_MAX && remaining.hasNext()) {
      KeySpan span = remaining.next();
      if (!span.isPoint()) {
        pushedBack = span;
        break;
      }
      keys.add(span.start());
    }
    KvTransaction transaction = context.transaction();
    if (source.isForUpdate()) {
      keys.forEach(key -> keep(key, transaction.getForUpdate(key)));
    } else if (keys.size() == 1) {
      keep(keys.getFirst(), transaction.get(keys.getFirst()));
    } else {
      List<byte[]> values = transaction.multiGet(keys);
      for (int i = 0; i < keys.size(); i++) {
        keep(keys.get(i), values.get(i));
      }
    }
  }

  private void keep(byte[] key, byte[] value) {
    if (value != null) {
      fetched.add(new Entry(key, source.scanned(key, value)));
    }
  }

  @Override
  public void reset() {
    close();
    remaining = spans.iterator();
  }

  @Override
  public void close() {
    fetched.clear();
    pushedBack = null;
    remaining = List.<KeySpan>of().iterator();
    closeCursor();
  }

  private void closeCursor() {
    if (cursor != null) {
      KvCursor open = cursor;
      cursor = null;
      context.closed(open);
    }
  }
}
