package org.treatydb.kv.enclave.leaf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * A sorted run of versions in one array, with an index. Blocks are merged, cut and thinned out by copying ranges of it; no
 * version becomes an object on the way. Immutable and thread-safe.
 *
 * <p>Format 1: version, number of entries (varint), then for each: key (length, bytes), timestamp (8 bytes), value
 * length plus one as a varint, 0 for a tombstone, then the value. A timestamp of 0 is that of the load which wrote the
 * block: it was not known yet.
 */
final class EntryBlock {

  /** Stands for the time of the load that the entry came with. */
  static final long LOAD_TIME = 0;

  static final EntryBlock EMPTY = new EntryBlock(new byte[0], new int[1]);

  private static final int VERSION = 1;
  /** The longest block: a leaf's frames together, about twice as much at most, still fit into one array. */
  private static final int BYTES_MAX = 512 << 20;
  private static final int HEADER_BYTES_MAX = 1 + 5;
  private static final int ENTRY_BYTES_MIN = 1 + Long.BYTES + 1;
  private static final int OBJECT_BYTES = 64;

  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  /** Where each entry begins, and last where the last one ends. */
  private final int[] starts;

  private EntryBlock(byte[] bytes, int[] starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** A block of sorted entries, of which none occurs twice. */
  static EntryBlock of(List<Entry> sorted) {
    long length = 0;
    for (Entry each : sorted) {
      length += encodedBytes(each);
    }
    requireAtMost(BYTES_MAX, length);
    ByteWriter out = new ByteWriter((int) length);
    int[] starts = new int[sorted.size() + 1];
    for (int i = 0; i < sorted.size(); i++) {
      Entry each = sorted.get(i);
      out.bytes(each.key()).i64(each.timestamp());
      if (each.isTombstone()) {
        out.varint(0);
      } else {
        out.varint(each.value().length + 1L).raw(each.value());
      }
      starts[i + 1] = out.size();
    }
    return new EntryBlock(out.array(), starts);
  }

  private static void requireAtMost(long max, long bytes) {
    if (bytes > max) {
      throw new KvException.Unavailable(
          ErrorCode.LIMIT_EXCEEDED, "open snapshots need old versions of one row of " + (bytes >> 20) + " MiB together; at most "
              + (BYTES_MAX >> 20) + " are possible", null);
    }
  }

  /** Bytes an entry takes in a block. */
  static int encodedBytes(Entry entry) {
    int value = entry.isTombstone() ? 0 : entry.value().length + ByteWriter.varintBytes(entry.value().length + 1L) - 1;
    return ByteWriter.varintBytes(entry.key().length) + entry.key().length + Long.BYTES + 1 + value;
  }

  /**
   * The block as it is sealed.
   *
   * @throws KvException.Unavailable if it is longer than {@value #BYTES_MAX} bytes: versions of one key, since only these
   *     cannot be in several leaves, and one for each of many readers, since others are not kept
   */
  byte[] encode() {
    requireAtMost(BYTES_MAX, length());
    ByteWriter header = new ByteWriter(HEADER_BYTES_MAX).u8(VERSION).varint(count());
    byte[] encoded = new byte[header.size() + length()];
    System.arraycopy(header.array(), 0, encoded, 0, header.size());
    System.arraycopy(bytes, starts[0], encoded, header.size(), length());
    return encoded;
  }

  /**
   * Indexes an encoded block, and takes the array over.
   *
   * @throws org.treatydb.kv.enclave.codec.MalformedBytesException if it is not one
   */
  static EntryBlock decode(byte[] bytes) {
    return decode(bytes, LOAD_TIME);
  }

  /**
   * Indexes an encoded block that a load may have written, and takes the array over.
   *
   * @param loadTimestamp the load's timestamp; 0 if it was none
   */
  static EntryBlock decode(byte[] bytes, long loadTimestamp) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    int count = in.varint(in.remaining() / ENTRY_BYTES_MIN);
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      starts[i] = in.position();
      in.skip(in.varint(KvStore.KEY_BYTES_MAX));
      int timestampAt = in.position();
      if (in.i64() == LOAD_TIME) {
        if (loadTimestamp == LOAD_TIME) {
          throw new MalformedBytesException("an entry without a timestamp");
        }
        LONG.set(bytes, timestampAt, loadTimestamp);
      }
      in.skip(Math.max(0, in.varint(KvStore.VALUE_BYTES_MAX + 1) - 1));
    }
    in.expectEnd();
    starts[count] = bytes.length;
    return new EntryBlock(bytes, starts);
  }

  int count() {
    return starts.length - 1;
  }

  /** Bytes of the entries. */
  int length() {
    return starts[count()] - starts[0];
  }

  /** Bytes of the entries from number {@code from} up to but without {@code to}. */
  int length(int from, int to) {
    return starts[to] - starts[from];
  }

  /** Memory in use. */
  int weight() {
    return bytes.length + starts.length * Integer.BYTES + OBJECT_BYTES;
  }

  private int behindVarint(int at) {
    int end = at;
    while (bytes[end] < 0) {
      end++;
    }
    return end + 1;
  }

  private int keyAt(int i) {
    return behindVarint(starts[i]);
  }

  private int keyEnd(int i) {
    int at = starts[i];
    int length = bytes[at];
    return length >= 0 ? at + 1 + length : behindVarint(at) + (int) new ByteReader(bytes, at, bytes.length - at).varint();
  }

  private int valueLengthAt(int i) {
    return keyEnd(i) + Long.BYTES;
  }

  byte[] key(int i) {
    return Arrays.copyOfRange(bytes, keyAt(i), keyEnd(i));
  }

  long timestamp(int i) {
    return (long) LONG.get(bytes, keyEnd(i));
  }

  boolean isTombstone(int i) {
    return bytes[valueLengthAt(i)] == 0;
  }

  byte[] value(int i) {
    return Arrays.copyOfRange(bytes, behindVarint(valueLengthAt(i)), starts[i + 1]);
  }

  Entry entry(int i) {
    return new Entry(key(i), timestamp(i), isTombstone(i) ? null : value(i));
  }

  List<Entry> entries() {
    List<Entry> all = new ArrayList<>(count());
    for (int i = 0; i < count(); i++) {
      all.add(entry(i));
    }
    return all;
  }

  private int compareKey(int i, byte[] key) {
    return Arrays.compareUnsigned(bytes, keyAt(i), keyEnd(i), key, 0, key.length);
  }

  /** Compares the key of an entry with that of another block's. */
  private int compareKey(int i, EntryBlock other, int j) {
    return Arrays.compareUnsigned(bytes, keyAt(i), keyEnd(i), other.bytes, other.keyAt(j), other.keyEnd(j));
  }

  /** Compares entries as {@link org.treatydb.kv.enclave.version.VersionedKey} does. */
  int compare(int i, EntryBlock other, int j) {
    int byKey = compareKey(i, other, j);
    return byKey != 0 ? byKey : Long.compare(other.timestamp(j), timestamp(i));
  }

  boolean sameKey(int i, int j) {
    return Arrays.equals(bytes, keyAt(i), keyEnd(i), bytes, keyAt(j), keyEnd(j));
  }

  /** The first entry whose key is {@code key} or above. */
  int lowerBound(byte[] key) {
    int low = 0;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareKey(middle, key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first entry from number {@code from} on that is the one of {@code other}, or behind it. */
  private int lowerBound(int from, EntryBlock other, int j) {
    int low = from;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(middle, other, j) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The versions of all {@code blocks}, of which there must be one; what several of them have, once. */
  static EntryBlock merge(List<EntryBlock> blocks) {
    // The first is a leaf's base, and longer than the others together.
    EntryBlock others = EMPTY;
    for (EntryBlock each : blocks.subList(1, blocks.size())) {
      others = others.merge(each);
    }
    return blocks.getFirst().merge(others);
  }

  /** The versions of both; what both have, once. */
  EntryBlock merge(EntryBlock other) {
    if (other.count() == 0 || count() == 0) {
      return count() == 0 ? other : this;
    }
    Builder merged = new Builder(count() + other.count(), (long) length() + other.length());
    int from = 0;
    for (int i = 0; i < other.count(); i++) {
      int to = lowerBound(from, other, i);
      merged.add(this, from, to);
      if (to == count() || compare(to, other, i) != 0) {
        merged.add(other, i, i + 1);
      }
      from = to;
    }
    merged.add(this, from, count());
    return merged.build();
  }

  /** The block without the entries of these numbers. */
  EntryBlock without(BitSet numbers) {
    if (numbers.isEmpty()) {
      return this;
    }
    Builder kept = new Builder(count() - numbers.cardinality(), length());
    int from = 0;
    for (int gone = numbers.nextSetBit(0); gone >= 0; gone = numbers.nextSetBit(gone + 1)) {
      kept.add(this, from, gone);
      from = gone + 1;
    }
    kept.add(this, from, count());
    return kept.build();
  }

  /** The entries from number {@code from} up to but without {@code to}, in the same memory. */
  EntryBlock slice(int from, int to) {
    return from == 0 && to == count() ? this : new EntryBlock(bytes, Arrays.copyOfRange(starts, from, to + 1));
  }

  /** Puts a block together from ranges of others. */
  private static final class Builder {
    private final byte[] bytes;
    private final int[] starts;
    private int count;

    Builder(int countMax, long bytesMax) {
      requireAtMost(2L * BYTES_MAX, bytesMax);
      this.bytes = new byte[(int) bytesMax];
      this.starts = new int[countMax + 1];
    }

    void add(EntryBlock block, int from, int to) {
      int length = block.length(from, to);
      int shift = starts[count] - block.starts[from];
      System.arraycopy(block.bytes, block.starts[from], bytes, starts[count], length);
      for (int i = from; i < to; i++) {
        starts[++count] = block.starts[i + 1] + shift;
      }
    }

    EntryBlock build() {
      boolean isFull = starts[count] == bytes.length && count == starts.length - 1;
      return isFull
          ? new EntryBlock(bytes, starts)
          : new EntryBlock(Arrays.copyOf(bytes, starts[count]), Arrays.copyOf(starts, count + 1));
    }
  }

  /** The newest version of {@code key} visible at {@code timestamp}; null if there is none. */
  Entry get(byte[] key, long timestamp) {
    for (int i = lowerBound(key); i < count() && compareKey(i, key) == 0; i++) {
      if (timestamp(i) <= timestamp) {
        return entry(i);
      }
    }
    return null;
  }

  /** The keys in {@code range} with their newest version visible at {@code timestamp}. */
  EntryCursor scan(KeyRange range, long timestamp, boolean reverse) {
    int from = lowerBound(range.start());
    int to = range.end() == null ? count() : Math.max(from, lowerBound(range.end()));
    return reverse ? new Backward(from, to, timestamp) : new Forward(from, to, timestamp);
  }

  private abstract class Cursor implements EntryCursor {
    final long snapshot;
    int at = -1;

    Cursor(long snapshot) {
      this.snapshot = snapshot;
    }

    @Override
    public byte[] key() {
      return EntryBlock.this.key(at);
    }

    @Override
    public long timestamp() {
      return EntryBlock.this.timestamp(at);
    }

    @Override
    public boolean isTombstone() {
      return EntryBlock.this.isTombstone(at);
    }

    @Override
    public byte[] value() {
      return EntryBlock.this.value(at);
    }
  }

  private final class Forward extends Cursor {
    private int ahead;
    private final int to;

    Forward(int from, int to, long snapshot) {
      super(snapshot);
      this.ahead = from;
      this.to = to;
    }

    @Override
    public boolean next() {
      while (ahead < to) {
        if (at >= 0 && sameKey(at, ahead) || EntryBlock.this.timestamp(ahead) > snapshot) {
          ahead++;
        } else {
          at = ahead++;
          return true;
        }
      }
      return false;
    }
  }

  private final class Backward extends Cursor {
    private int ahead;
    private final int from;

    Backward(int from, int to, long snapshot) {
      super(snapshot);
      this.ahead = to - 1;
      this.from = from;
    }

    @Override
    public boolean next() {
      while (ahead >= from) {
        int last = ahead;
        int visible = -1;
        while (ahead >= from && sameKey(ahead, last)) {
          if (EntryBlock.this.timestamp(ahead) <= snapshot) {
            visible = ahead;
          }
          ahead--;
        }
        if (visible >= 0) {
          at = visible;
          return true;
        }
      }
      return false;
    }
  }
}
