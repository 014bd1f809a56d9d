package org.treatydb.dist.enclave.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.treatydb.kv.api.KeyRange;

/**
 * Which node has which keys: ranges without gaps over all keys. Immutable.
 *
 * @param version a later map has a larger one
 * @param shards ascending by start; the first starts at the empty key
 */
public record ShardMap(long version, List<Shard> shards) {

  /** Shards that a map can have. */
  public static final int SHARDS_MAX = 1 << 16;

  /** A part of a range that lies on one node. */
  public record Piece(KeyRange range, int node) {}

  public ShardMap {
    shards = List.copyOf(shards);
    if (shards.isEmpty() || shards.size() > SHARDS_MAX || shards.getFirst().start().length != 0) {
      throw new IllegalArgumentException("a shard map begins at the empty key and has 1 to " + SHARDS_MAX + " shards");
    }
    for (int i = 1; i < shards.size(); i++) {
      if (Arrays.compareUnsigned(shards.get(i - 1).start(), shards.get(i).start()) >= 0) {
        throw new IllegalArgumentException("the shards of a map ascend");
      }
    }
  }

  /**
   * A first map that deals the key space out by the first two bytes of the keys.
   *
   * @param shardsPerNode how many ranges each node gets
   */
  public static ShardMap dealtOut(List<Integer> nodes, int shardsPerNode) {
    int count = nodes.size() * shardsPerNode;
    List<Shard> shards = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int prefix = (int) (0x1_0000L * i / count);
      byte[] start = i == 0 ? new byte[0] : new byte[] {(byte) (prefix >> 8), (byte) prefix};
      shards.add(new Shard(start, nodes.get(i % nodes.size())));
    }
    return new ShardMap(1, shards);
  }

  /** The node that has {@code key}. */
  public int nodeOf(byte[] key) {
    return shards.get(indexOf(key)).node();
  }

  private int indexOf(byte[] key) {
    int low = 0;
    int high = shards.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(shards.get(middle).start(), key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The parts of {@code range} by node, ascending; neighbours on one node are one part. */
  public List<Piece> pieces(KeyRange range) {
    List<Piece> pieces = new ArrayList<>();
    if (range.isEmpty()) {
      return pieces;
    }
    byte[] from = range.start();
    for (int i = indexOf(from);; i++) {
      int node = shards.get(i).node();
      while (i + 1 < shards.size() && shards.get(i + 1).node() == node) {
        i++;
      }
      byte[] next = i + 1 < shards.size() ? shards.get(i + 1).start() : null;
      boolean last = next == null || range.end() != null && Arrays.compareUnsigned(range.end(), next) <= 0;
      pieces.add(new Piece(new KeyRange(from, last ? range.end() : next), node));
      if (last) {
        break;
      }
      from = next;
    }
    return pieces;
  }

  /** Whether {@code node} has all of {@code range}. */
  public boolean isOn(int node, KeyRange range) {
    return pieces(range).stream().allMatch(piece -> piece.node() == node);
  }

  /** The nodes that have shards, ascending. */
  public SequencedSet<Integer> nodes() {
    TreeSet<Integer> nodes = new TreeSet<>();
    shards.forEach(shard -> nodes.add(shard.node()));
    return nodes;
  }

  /** The next version of the map, in which {@code node} has {@code range}. */
  public ShardMap moved(KeyRange range, int node) {
    List<Shard> next = new ArrayList<>();
    List<Piece> all = new ArrayList<>(pieces(new KeyRange(new byte[0], range.start())));
    all.add(new Piece(range, node));
    if (range.end() != null) {
      all.addAll(pieces(new KeyRange(range.end(), null)));
    }
    for (Piece piece : all) {
      if (next.isEmpty() || next.getLast().node() != piece.node()) {
        next.add(new Shard(piece.range().start(), piece.node()));
      }
    }
    return new ShardMap(version + 1, next);
  }
}
