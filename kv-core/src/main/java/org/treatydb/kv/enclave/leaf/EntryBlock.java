package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.Arrays;
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
 * A sorted run of versions in one array, with an index. Immutable and thread-safe.
 *
 * <p>Format 1: version, number of entries (varint), then for each: key (length, bytes), timestamp (8 bytes), value
 * length plus one as a varint, 0 for a tombstone, then the value. A timestamp of 0 is that of the load which wrote the
 * block: it was not known yet.
 */
public final class EntryBlock {

  /** Stands for the time of the load that the entry came with. */
  static final long LOAD_TIME = 0;

  static final EntryBlock EMPTY = new EntryBlock(new byte[0], new int[0], LOAD_TIME);

  private static final int VERSION = 1;
  /** The longest block: a leaf's frames together, about twice as much at most, still fit into one array. */
  private static final int BYTES_MAX = 512 << 20;
  private static final int BLOCK_OVERHEAD_BYTES = 11;
  private static final int ENTRY_BYTES_MIN = 1 + Long.BYTES + 1;

  private final byte[] bytes;
  /** For each entry: where its key begins, the key's length, where its timestamp stands. */
  private final int[] index;

  private static final int FIELDS = 3;

  private final long loadTimestamp;

  private EntryBlock(byte[] bytes, int[] index, long loadTimestamp) {
    this.bytes = bytes;
    this.index = index;
    this.loadTimestamp = loadTimestamp;
  }

  /**
   * Encodes sorted entries.
   *
   * @throws KvException.Unavailable if they are longer than {@value #BYTES_MAX} bytes: versions of one key, since only these
   *     cannot be in several leaves, and one for each of many readers, since others are not kept
   */
  static byte[] encode(List<Entry> sorted) {
    long bytes = encodedBytes(sorted);
    if (bytes > BYTES_MAX) {
      throw new KvException.Unavailable(
          ErrorCode.LIMIT_EXCEEDED, "open snapshots need old versions of one row of " + (bytes >> 20) + " MiB together; at most "
              + (BYTES_MAX >> 20) + " are possible", null);
    }
    ByteWriter out = new ByteWriter((int) bytes);
    out.u8(VERSION).varint(sorted.size());
    for (Entry each : sorted) {
      out.bytes(each.key()).i64(each.timestamp());
      if (each.isTombstone()) {
        out.varint(0);
      } else {
        out.varint(each.value().length + 1L).raw(each.value());
      }
    }
    return out.toByteArray();
  }

  /** Bytes entries take in a block, at most. */
  static long encodedBytes(List<Entry> entries) {
    long bytes = BLOCK_OVERHEAD_BYTES;
    for (Entry each : entries) {
      bytes += encodedBytes(each);
    }
    return bytes;
  }

  /** Bytes an entry takes in a block, at most. */
  static int encodedBytes(Entry entry) {
    return entry.key().length + Long.BYTES + 10 + (entry.isTombstone() ? 0 : entry.value().length);
  }

  /**
   * Indexes an encoded block.
   *
   * @throws org.treatydb.kv.enclave.codec.MalformedBytesException if it is not one
   */
  static EntryBlock decode(byte[] bytes) {
    return decode(bytes, LOAD_TIME);
  }

  /**
   * Indexes an encoded block that a load may have written.
   *
   * @param loadTimestamp the load's timestamp; 0 if it was none
   */
  static EntryBlock decode(byte[] bytes, long loadTimestamp) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    int count = in.varint(in.remaining() / ENTRY_BYTES_MIN);
    int[] index = new int[count * FIELDS];
    for (int i = 0; i < index.length; i += FIELDS) {
      int keyLength = in.varint(KvStore.KEY_BYTES_MAX);
      index[i] = in.position();
      index[i + 1] = keyLength;
      in.skip(keyLength);
      index[i + 2] = in.position();
      if (in.i64() == LOAD_TIME && loadTimestamp == LOAD_TIME) {
        throw new MalformedBytesException("an entry without a timestamp");
      }
      in.skip(Math.max(0, in.varint(KvStore.VALUE_BYTES_MAX + 1) - 1));
    }
    in.expectEnd();
    return new EntryBlock(bytes, index, loadTimestamp);
  }

  int count() {
    return index.length / FIELDS;
  }

  /** Memory in use. */
  int weight() {
    return bytes.length + index.length * Integer.BYTES + 64;
  }

  byte[] key(int i) {
    int at = index[i * FIELDS];
    return Arrays.copyOfRange(bytes, at, at + index[i * FIELDS + 1]);
  }

  long timestamp(int i) {
    long written = new ByteReader(bytes, index[i * FIELDS + 2], Long.BYTES).i64();
    return written == LOAD_TIME ? loadTimestamp : written;
  }

  private ByteReader valueReader(int i) {
    int at = index[i * FIELDS + 2] + Long.BYTES;
    return new ByteReader(bytes, at, bytes.length - at);
  }

  boolean isTombstone(int i) {
    return valueReader(i).u8() == 0;
  }

  byte[] value(int i) {
    ByteReader in = valueReader(i);
    return in.raw((int) in.varint() - 1);
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
    int at = index[i * FIELDS];
    return Arrays.compareUnsigned(bytes, at, at + index[i * FIELDS + 1], key, 0, key.length);
  }

  private boolean sameKey(int i, int j) {
    int a = index[i * FIELDS];
    int b = index[j * FIELDS];
    return Arrays.equals(bytes, a, a + index[i * FIELDS + 1], bytes, b, b + index[j * FIELDS + 1]);
  }

  /** The first entry whose key is {@code key} or above. */
  private int lowerBound(byte[] key) {
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

  /** The newest version of {@code key} visible at {@code timestamp}; null if there is none. */
  public Entry get(byte[] key, long timestamp) {
    for (int i = lowerBound(key); i < count() && compareKey(i, key) == 0; i++) {
      if (timestamp(i) <= timestamp) {
        return entry(i);
      }
    }
    return null;
  }

  /** The keys in {@code range} with their newest version visible at {@code timestamp}. */
  public EntryCursor scan(KeyRange range, long timestamp, boolean reverse) {
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
