package org.treatydb.kv.enclave.store;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.memtable.MemTable;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.MergedCursor;

/** A scan of one view at one timestamp. Holds the view until closed. Not thread-safe. */
public final class StoreCursor implements EntryCursor, AutoCloseable {

  private final View view;
  private final EntryCursor merged;
  private boolean closed;

  /** Takes over the caller's hold on {@code view}. */
  StoreCursor(View view, LeafReader reader, KeyRange range, long timestamp, boolean reverse) {
    this.view = view;
    List<EntryCursor> sources = new ArrayList<>(view.memTables.size() + 1);
    for (MemTable table : view.memTables) {
      sources.add(table.scan(range, timestamp, reverse));
    }
    sources.add(new LeavesCursor(view, reader, range, timestamp, reverse));
    this.merged = new MergedCursor(sources, reverse);
  }

  @Override
  public boolean next() {
    return merged.next();
  }

  @Override
  public byte[] key() {
    return merged.key();
  }

  @Override
  public long timestamp() {
    return merged.timestamp();
  }

  @Override
  public boolean isTombstone() {
    return false;
  }

  @Override
  public byte[] value() {
    return merged.value();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      view.release();
    }
  }
}
