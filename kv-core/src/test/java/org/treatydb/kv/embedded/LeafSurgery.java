package org.treatydb.kv.embedded;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteOptions;

/** What an attacker with RocksDB at hand does to leaves: reads them all, cuts them into frames, writes them back. */
final class LeafSurgery {

  private static final int FRAME_HEADER_BYTES = 26;
  private static final int SEALED_LENGTH_AT = 22;

  static {
    RocksDB.loadLibrary();
  }

  private LeafSurgery() {}

  /** The leaves of a store: id → value, frames one behind the other. */
  static NavigableMap<Long, byte[]> leaves(Path data) throws RocksDBException {
    NavigableMap<Long, byte[]> all = new TreeMap<>();
    try (StringAppendOperator append = new StringAppendOperator("");
        Options options = new Options().setMergeOperator(append);
        RocksDB db = RocksDB.open(options, data.resolve("leaves").toString());
        RocksIterator each = db.newIterator()) {
      for (each.seekToFirst(); each.isValid(); each.next()) {
        all.put(ByteBuffer.wrap(each.key()).getLong(), each.value());
      }
    }
    return all;
  }

  /** Sets one leaf; null removes it. */
  static void set(Path data, long leaf, byte[] value) throws RocksDBException {
    byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(leaf).array();
    try (StringAppendOperator append = new StringAppendOperator("");
        Options options = new Options().setMergeOperator(append);
        WriteOptions writeOptions = new WriteOptions();
        FlushOptions flushOptions = new FlushOptions();
        RocksDB db = RocksDB.open(options, data.resolve("leaves").toString())) {
      if (value == null) {
        db.delete(writeOptions, key);
      } else {
        db.put(writeOptions, key, value);
      }
      db.flush(flushOptions);
    }
  }

  /** A leaf's value, cut into its frames. */
  static List<byte[]> frames(byte[] value) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < value.length; ) {
      int length = FRAME_HEADER_BYTES + ByteBuffer.wrap(value).getInt(at + SEALED_LENGTH_AT);
      frames.add(Arrays.copyOfRange(value, at, at + length));
      at += length;
    }
    return frames;
  }

  static byte[] join(List<byte[]> frames) {
    ByteBuffer all = ByteBuffer.allocate(frames.stream().mapToInt(frame -> frame.length).sum());
    frames.forEach(all::put);
    return all.array();
  }
}
