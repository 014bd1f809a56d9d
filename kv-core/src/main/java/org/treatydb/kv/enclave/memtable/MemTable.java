package org.treatydb.kv.enclave.memtable;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.enclave.crypto.Sealer;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.VersionedKey;

/**
 * Versions that are stable in the WAL but not yet in leaves. One thread adds, in commit order; any number reads. Its
 * memory is given back when the last of those who {@linkplain #retain retained} it has released it.
 */
public final class MemTable {

  /**
   * Trusted memory of an entry beside its key, estimated: skip-list node and index, key object, array header, place.
   */
  private static final int ENTRY_OVERHEAD_BYTES = 160;

  private static final SealedArena.Place TOMBSTONE = new SealedArena.Place(null, 0, 0, 0);

  private final ConcurrentSkipListMap<VersionedKey, SealedArena.Place> entries = new ConcurrentSkipListMap<>();
  private final SealedArena arena;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile long lastCounter;
  private volatile long lastTimestamp;

  public MemTable(HostMemory memory, Sealer sealer) {
    this.arena = new SealedArena(memory.newRegion(), sealer);
  }

  /**
   * Adds a version; {@code value} null for a tombstone. The key must not change afterwards. Adding the same version
   * twice has no effect.
   */
  public void add(byte[] key, long timestamp, byte[] value) {
    SealedArena.Place place = value == null ? TOMBSTONE : arena.put(value);
    if (entries.put(new VersionedKey(key, timestamp), place) == null) {
      bytes.addAndGet(key.length + place.length() + ENTRY_OVERHEAD_BYTES);
    }
  }

  /** Notes that every version of the WAL's records up to {@code counter} has been added. */
  public void cover(long counter, long timestamp) {
    lastCounter = counter;
    lastTimestamp = Math.max(lastTimestamp, timestamp);
  }

  /** The WAL counter up to which this table and those before it hold everything. */
  public long lastCounter() {
    return lastCounter;
  }

  /** The largest commit timestamp in this table. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  /** Memory in use, trusted and host, estimated. */
  public long bytes() {
    return bytes.get();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The newest version of {@code key} visible at {@code timestamp}; null if this table has none. */
  public Entry get(byte[] key, long timestamp) {
    Map.Entry<VersionedKey, SealedArena.Place> found = entries.ceilingEntry(new VersionedKey(key, timestamp));
    return found == null || !Arrays.equals(found.getKey().key(), key) ? null : open(found.getKey(), found.getValue());
  }

  private Entry open(VersionedKey key, SealedArena.Place place) {
    return new Entry(key.key(), key.timestamp(), place == TOMBSTONE ? null : arena.get(place));
  }

  /** Every version, in order: for the flush. */
  public Iterator<Entry> versions() {
    Iterator<Map.Entry<VersionedKey, SealedArena.Place>> source = entries.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public Entry next() {
        Map.Entry<VersionedKey, SealedArena.Place> next = source.next();
        return open(next.getKey(), next.getValue());
      }
    };
  }

  /** The keys in {@code range} with their newest version visible at {@code timestamp}. */
  public EntryCursor scan(KeyRange range, long timestamp, boolean reverse) {
    ConcurrentNavigableMap<VersionedKey, SealedArena.Place> inside =
        entries.tailMap(new VersionedKey(range.start(), Long.MAX_VALUE), true);
    if (range.end() != null) {
      inside = inside.headMap(new VersionedKey(range.end(), Long.MAX_VALUE), false);
    }
    return new Cursor((reverse ? inside.descendingMap() : inside).entrySet().iterator(), timestamp, reverse);
  }

  /** Another reader needs this table. */
  public void retain() {
    users.incrementAndGet();
  }

  /** A reader needs it no longer; the last one gives the memory back. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      arena.close();
    }
  }

  private final class Cursor implements EntryCursor {

    private final Iterator<Map.Entry<VersionedKey, SealedArena.Place>> source;
    private final long snapshot;
    private final boolean reverse;
    private Map.Entry<VersionedKey, SealedArena.Place> ahead;
    private VersionedKey key;
    private SealedArena.Place place;

    Cursor(Iterator<Map.Entry<VersionedKey, SealedArena.Place>> source, long snapshot, boolean reverse) {
      this.source = source;
      this.snapshot = snapshot;
      this.reverse = reverse;
      advance();
    }

    private void advance() {
      ahead = source.hasNext() ? source.next() : null;
    }

    @Override
    public boolean next() {
      while (ahead != null) {
        byte[] group = ahead.getKey().key();
        key = null;
        // Forward the newest version comes first and the first visible one is taken; in reverse it comes last, and the last is.
        while (ahead != null && Arrays.equals(ahead.getKey().key(), group)) {
          if (ahead.getKey().timestamp() <= snapshot && (reverse || key == null)) {
            key = ahead.getKey();
            place = ahead.getValue();
          }
          advance();
        }
        if (key != null) {
          return true;
        }
      }
      return false;
    }

    @Override
    public byte[] key() {
      return key.key();
    }

    @Override
    public long timestamp() {
      return key.timestamp();
    }

    @Override
    public boolean isTombstone() {
      return place == TOMBSTONE;
    }

    @Override
    public byte[] value() {
      return arena.get(place);
    }
  }

  /** The tables' entries for one key, newest table first. */
  public static Entry firstVisible(List<MemTable> newestFirst, byte[] key, long timestamp) {
    for (MemTable table : newestFirst) {
      Entry found = table.get(key, timestamp);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
