package org.treatydb.kv.enclave.memtable;

import java.util.Arrays;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.VersionedKey;

/** Walks the keys of a range, each with its newest version visible at one timestamp. */
final class MemTableCursor implements EntryCursor {

  private final OpenedChunks values;
  private final KeyRange range;
  private final long snapshot;
  private final boolean reverse;
  private final VersionTree.Place place;
  private StoredVersion ahead;
  private StoredVersion current;

  MemTableCursor(VersionTree tree, OpenedChunks values, KeyRange range, long snapshot, boolean reverse) {
    this.values = values;
    this.range = range;
    this.snapshot = snapshot;
    this.reverse = reverse;
    byte[] from = reverse ? range.end() : range.start();
    this.place = from == null ? tree.end() : tree.find(from, VersionedKey.UNCOMMITTED);
    advance();
  }

  private void advance() {
    StoredVersion next = reverse ? place.previous() : place.next();
    ahead = next != null && range.contains(next.key()) ? next : null;
  }

  @Override
  public boolean next() {
    while (ahead != null) {
      byte[] group = ahead.key();
      current = null;
      // Forward the newest version comes first and the first visible one is taken; in reverse it comes last, and the last is.
      while (ahead != null && Arrays.equals(ahead.key(), group)) {
        if (ahead.timestamp() <= snapshot && (reverse || current == null)) {
          current = ahead;
        }
        advance();
      }
      if (current != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public byte[] key() {
    return current.key();
  }

  @Override
  public long timestamp() {
    return current.timestamp();
  }

  @Override
  public boolean isTombstone() {
    return current.isTombstone();
  }

  @Override
  public byte[] value() {
    return values.value(current);
  }
}
