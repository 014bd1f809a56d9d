package org.treatydb.kv.enclave.memtable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.crypto.Sealer;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * Versions that are stable in the WAL but not yet in leaves. One thread adds; any number reads, and sees what was
 * published. Its memory is given back when the last of those who {@linkplain #retain retained} it has released it.
 */
public final class MemTable {

  /** Bytes of values sealed together: so many that sealing costs little, so few that opening one value does, too. */
  static final int CHUNK_BYTES_TARGET = 2 << 10;

  /** Trusted memory of a version beside the bytes of its key: itself, the key's array, its place in the tree. */
  private static final int VERSION_OVERHEAD_BYTES = 80;

  private static final int CHUNK_OVERHEAD_BYTES = 32;
  private static final int CHUNKS_OPEN_IN_SCAN_MAX = 64;
  private static final int CHUNKS_OPEN_IN_FLUSH_MAX = 1024;

  private final SealedArena arena;
  private final AtomicInteger users = new AtomicInteger(1);

  private List<StoredVersion> unpublished = new ArrayList<>();
  /** Those of {@link #unpublished} whose values are still in {@link #chunk}. */
  private final List<Unsealed> unsealed = new ArrayList<>();
  private byte[] chunk = new byte[CHUNK_BYTES_TARGET];
  private int chunkBytes;
  private long keyBytes;

  private volatile VersionTree tree = VersionTree.EMPTY;
  private volatile long bytes;
  private volatile LogHead walHead;
  private volatile long lastTimestamp;
  private volatile long firstRecord = Long.MAX_VALUE;

  public MemTable(HostMemory memory, Sealer sealer) {
    this.arena = new SealedArena(memory.newRegion(), sealer);
  }

  private record Unsealed(byte[] key, long timestamp, int offset, int length) {}

  /**
   * Adds a version, which readers see after the next {@link #publish}; {@code value} null for a tombstone. The key must
   * not change afterwards. No version may be added twice.
   */
  public void add(byte[] key, long timestamp, byte[] value) {
    keyBytes += key.length + VERSION_OVERHEAD_BYTES;
    if (value == null) {
      unpublished.add(new StoredVersion(key, timestamp, null, 0, 0));
      return;
    }
    if (chunkBytes + value.length > chunk.length) {
      sealChunk();
    }
    if (value.length > chunk.length) {
      unpublished.add(new StoredVersion(key, timestamp, arena.put(value, value.length), 0, value.length));
    } else {
      System.arraycopy(value, 0, chunk, chunkBytes, value.length);
      unsealed.add(new Unsealed(key, timestamp, chunkBytes, value.length));
      chunkBytes += value.length;
    }
  }

  /** Some of what is added was written to the WAL as long ago as in this record. To be called before the next {@link #publish}. */
  public void reachesBackTo(long record) {
    firstRecord = Math.min(firstRecord, record);
  }

  private void sealChunk() {
    if (unsealed.isEmpty()) {
      return;
    }
    SealedArena.Chunk sealed = arena.put(chunk, chunkBytes);
    for (Unsealed each : unsealed) {
      unpublished.add(new StoredVersion(each.key, each.timestamp, sealed, each.offset, each.length));
    }
    unsealed.clear();
    chunkBytes = 0;
  }

  /**
   * Lets readers see what was added: every version of the WAL's records up to {@code head}, where a batch ends, of which
   * {@code timestamp} is the largest timestamp.
   */
  public void publish(LogHead head, long timestamp) {
    sealChunk();
    unpublished.sort(StoredVersion::compareTo);
    tree = tree.with(unpublished);
    unpublished = new ArrayList<>();
    bytes = keyBytes + arena.bytes();
    walHead = head;
    lastTimestamp = Math.max(lastTimestamp, timestamp);
  }

  /** Up to where in the WAL this table and those before it hold everything; null before anything was published. */
  public LogHead walHead() {
    return walHead;
  }

  /** The oldest record that {@link #reachesBackTo} has named; {@link Long#MAX_VALUE} if none. */
  public long firstRecord() {
    return firstRecord;
  }

  /** The largest commit timestamp in this table. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  /** Memory in use, trusted and host, estimated. */
  public long bytes() {
    return bytes;
  }

  public boolean isEmpty() {
    return tree.isEmpty();
  }

  /** The newest version of {@code key} visible at {@code timestamp}; null if this table has none. */
  public Entry get(byte[] key, long timestamp) {
    StoredVersion found = tree.ceiling(key, timestamp);
    if (found == null || !Arrays.equals(found.key(), key)) {
      return null;
    }
    return new Entry(found.key(), found.timestamp(), found.isTombstone() ? null : valueOf(found));
  }

  private byte[] valueOf(StoredVersion version) {
    byte[] opened = arena.get(version.chunk());
    return opened.length == version.length()
        ? opened : Arrays.copyOfRange(opened, version.offset(), version.offset() + version.length());
  }

  /** Every version, in order: for the flush. */
  public Iterator<Entry> versions() {
    VersionTree.Place place = tree.start();
    OpenedChunks values = new OpenedChunks(arena, CHUNKS_OPEN_IN_FLUSH_MAX);
    return new Iterator<>() {
      private StoredVersion ahead = place.next();

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Entry next() {
        StoredVersion next = ahead;
        ahead = place.next();
        return new Entry(next.key(), next.timestamp(), next.isTombstone() ? null : values.value(next));
      }
    };
  }

  /** The keys in {@code range} with their newest version visible at {@code timestamp}. */
  public EntryCursor scan(KeyRange range, long timestamp, boolean reverse) {
    return new MemTableCursor(tree, new OpenedChunks(arena, CHUNKS_OPEN_IN_SCAN_MAX), range, timestamp, reverse);
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
