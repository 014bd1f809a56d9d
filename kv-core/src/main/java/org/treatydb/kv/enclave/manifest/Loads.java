package org.treatydb.kv.enclave.manifest;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.leaf.Directory;

/**
 * What the MANIFEST knows of bulk loads. Immutable.
 *
 * @param timestamps flush id of a load whose frames are still in use → its commit timestamp, which is not in the frames
 * @param nextLeafId the first of the leaf ids for loads that was never given to a leaf of the directory
 */
public record Loads(Map<Long, Long> timestamps, long nextLeafId) {

  /** Leaf ids from here on are for loads, those below for flushes: so both can go on at once. */
  public static final long LEAF_IDS_FROM = 1L << 62;

  /** Nothing was ever loaded. */
  static final Loads NONE = new Loads(Map.of(), LEAF_IDS_FROM);

  public Loads {
    timestamps = Map.copyOf(timestamps);
  }

  Loads with(long flushId, long timestamp, long followingLeafId) {
    Map<Long, Long> all = new TreeMap<>(timestamps);
    all.put(flushId, timestamp);
    return new Loads(all, followingLeafId);
  }

  /** Without the loads of whose frames none is left. */
  Loads usedIn(Directory directory) {
    if (timestamps.isEmpty()) {
      return this;
    }
    Set<Long> used = new HashSet<>();
    for (int i = 0; i < directory.size(); i++) {
      for (long flushId : directory.leaf(i).flushIds()) {
        used.add(flushId);
      }
    }
    Map<Long, Long> left = new TreeMap<>(timestamps);
    left.keySet().retainAll(used);
    return new Loads(left, nextLeafId);
  }

  void encode(ByteWriter out) {
    out.varint(timestamps.size());
    new TreeMap<>(timestamps).forEach((flushId, timestamp) -> out.i64(flushId).i64(timestamp));
    out.i64(nextLeafId);
  }

  static Loads decode(ByteReader in) {
    Map<Long, Long> timestamps = new TreeMap<>();
    int count = in.varint(in.remaining());
    for (int i = 0; i < count; i++) {
      timestamps.put(in.i64(), in.i64());
    }
    return new Loads(timestamps, in.i64());
  }
}
