package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * Which leaves there are, by first key, and what they must hold. The first leaf begins at the empty key, so every key
 * has its leaf. Immutable and thread-safe; an edit gives a new directory, in time proportional to the number of leaves.
 */
public final class Directory {

  public static final Directory EMPTY = new Directory(new LeafEntry[] {LeafEntry.EMPTY});

  private final LeafEntry[] leaves;

  private Directory(LeafEntry[] leaves) {
    this.leaves = leaves;
  }

  /**
   * A directory of these leaves.
   *
   * @throws MalformedBytesException if they are not ascending, or do not begin at the empty key
   */
  public static Directory of(List<LeafEntry> leaves) {
    if (leaves.isEmpty() || leaves.getFirst().firstKey().length != 0) {
      throw new MalformedBytesException("a directory must begin at the empty key");
    }
    for (int i = 1; i < leaves.size(); i++) {
      if (Arrays.compareUnsigned(leaves.get(i - 1).firstKey(), leaves.get(i).firstKey()) >= 0) {
        throw new MalformedBytesException("a directory's leaves must be ascending");
      }
    }
    return new Directory(leaves.toArray(LeafEntry[]::new));
  }

  public List<LeafEntry> leaves() {
    return List.of(leaves);
  }

  public int size() {
    return leaves.length;
  }

  /** The leaf with number {@code i}, in key order. */
  public LeafEntry leaf(int i) {
    return leaves[i];
  }

  /** The keys that the leaf with number {@code i} covers. */
  public KeyRange range(int i) {
    return new KeyRange(leaves[i].firstKey(), i + 1 < leaves.length ? leaves[i + 1].firstKey() : null);
  }

  /** The number of the leaf that covers {@code key}. */
  public int find(byte[] key) {
    int low = 0;
    int high = leaves.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(leaves[middle].firstKey(), key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The ids of the leaves that hold something and that {@code edit} replaces by others or removes. */
  public Set<Long> leavesGoneWith(DirectoryEdit edit) {
    Set<Long> gone = new TreeSet<>();
    for (LeafEntry next : edit.put()) {
      LeafEntry present = leaves[find(next.firstKey())];
      if (Arrays.equals(present.firstKey(), next.firstKey()) && present.leafId() != next.leafId() && !present.isEmpty()) {
        gone.add(present.leafId());
      }
    }
    for (byte[] firstKey : edit.removed()) {
      LeafEntry present = leaves[find(firstKey)];
      if (!present.isEmpty()) {
        gone.add(present.leafId());
      }
    }
    return gone;
  }

  /** The directory after {@code edit}. */
  public Directory apply(DirectoryEdit edit) {
    List<LeafEntry> result = new ArrayList<>(leaves.length + edit.put().size());
    int removed = 0;
    int put = 0;
    for (LeafEntry leaf : leaves) {
      while (put < edit.put().size() && Arrays.compareUnsigned(edit.put().get(put).firstKey(), leaf.firstKey()) < 0) {
        result.add(edit.put().get(put++));
      }
      boolean replaced = put < edit.put().size() && Arrays.equals(edit.put().get(put).firstKey(), leaf.firstKey());
      boolean gone = removed < edit.removed().size() && Arrays.equals(edit.removed().get(removed), leaf.firstKey());
      if (gone) {
        removed++;
      }
      if (replaced) {
        result.add(edit.put().get(put++));
      } else if (!gone) {
        result.add(leaf);
      }
    }
    result.addAll(edit.put().subList(put, edit.put().size()));
    if (removed != edit.removed().size()) {
      throw new MalformedBytesException("an edit removes leaves that are not there");
    }
    return of(result);
  }
}
