package org.treatydb.kv.enclave.leaf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.version.Entry;

/**
 * Writes the versions of a full memtable into leaves: as a delta frame behind a leaf's others, or, when that leaf has
 * too many or too long deltas or too much garbage, by rewriting it without the versions that nobody can see any more: as
 * several leaves if it has become large, together with a neighbour if it has become small. Leaves full of garbage that
 * get nothing new are rewritten, too, some with each flush. Nothing that the present directory names is changed or
 * deleted.
 *
 * <p>Not thread-safe; one object a flush.
 */
public final class LeafFlush {

  /** Raw bytes of entries a rewritten leaf gets. */
  static final int LEAF_BYTES_TARGET = 8 << 10;

  /** A rewritten leaf with less than this is merged with a neighbour, if the two are no more than one leaf. */
  private static final int LEAF_BYTES_SMALL = LEAF_BYTES_TARGET / 4;

  /** Frames behind the base before a leaf is rewritten. */
  static final int DELTAS_MAX = 4;

  /** One version in so many may be garbage before a leaf is rewritten. */
  private static final int GARBAGE_SHARE = 3;

  /** Leaves without anything new that one flush rewrites for their garbage. */
  private static final int SWEPT_LEAVES_MAX = 1024;

  private final Directory directory;
  private final LeafReader reader;
  private final SealedStore.Snapshot snapshot;
  private final LeafWriter writer;
  private final Retention retention;
  private final long firstUnsettledFlush;

  private final TreeSet<byte[]> removed = new TreeSet<>(Arrays::compareUnsigned);
  private final List<LeafEntry> put = new ArrayList<>();
  /** What was rewritten last and not written yet, as it may be merged with what comes next; null if there is none. */
  private Piece pending;
  /** The last leaf that is done with; -1 if none is. */
  private int done = -1;

  /**
   * A flush on top of {@code directory}.
   *
   * @param snapshot the leaves that {@code directory} describes
   * @param firstUnsettledFlush flushes with smaller ids, as unsigned numbers, have written nothing newer than what the
   *     oldest reader sees
   */
  public LeafFlush(
      Directory directory, LeafReader reader, SealedStore store, SealedStore.Snapshot snapshot,
      long flushId, Retention retention, long firstUnsettledFlush, LongSupplier newLeafId) {
    this.directory = directory;
    this.reader = reader;
    this.snapshot = snapshot;
    this.writer = new LeafWriter(reader.frames(), store, flushId, newLeafId);
    this.retention = retention;
    this.firstUnsettledFlush = firstUnsettledFlush;
  }

  /** The content of a rewritten leaf, or of several that are one now. */
  private static final class Piece {
    private byte[] firstKey;
    private final List<Entry> entries;
    private long bytes;
    /** The leaf before it, which it may be merged with; -1 if there is none. */
    private final int left;
    /** The last leaf whose content this is. */
    private int last;

    Piece(byte[] firstKey, List<Entry> entries, int left, int last) {
      this.firstKey = firstKey;
      this.entries = new ArrayList<>(entries);
      this.bytes = EntryBlock.encodedBytes(entries);
      this.left = left;
      this.last = last;
    }

    boolean isSmall() {
      return bytes < LEAF_BYTES_SMALL;
    }
  }

  /** Writes the sorted {@code versions} and returns, when they are durable, what that changes in the directory. */
  public DirectoryEdit run(Iterator<Entry> versions) {
    Deque<Integer> sweep = leavesToSweep();
    Entry next = versions.hasNext() ? versions.next() : null;
    while (next != null || !sweep.isEmpty()) {
      int number = next == null ? directory.size() : directory.find(next.key());
      if (!sweep.isEmpty() && sweep.peek() < number) {
        rewrite(sweep.poll(), List.of());
        continue;
      }
      if (!sweep.isEmpty() && sweep.peek() == number) {
        sweep.poll();
      }
      byte[] end = directory.range(number).end();
      List<Entry> fresh = new ArrayList<>();
      while (next != null && (end == null || Arrays.compareUnsigned(next.key(), end) < 0)) {
        fresh.add(next);
        next = versions.hasNext() ? versions.next() : null;
      }
      flushLeaf(number, retention.visible(fresh));
    }
    growTo(directory.size());
    writePending(true);
    writer.sync();
    return new DirectoryEdit(List.copyOf(removed), put);
  }

  private Deque<Integer> leavesToSweep() {
    Deque<Integer> sweep = new ArrayDeque<>();
    for (int i = 0; i < directory.size() && sweep.size() < SWEPT_LEAVES_MAX; i++) {
      LeafEntry leaf = directory.leaf(i);
      if (isSettled(leaf) && isTooMuch(leaf.garbage(), leaf.versions())) {
        sweep.add(i);
      }
    }
    return sweep;
  }

  /** Whether all garbage of the leaf can go. */
  private boolean isSettled(LeafEntry leaf) {
    return !leaf.isEmpty() && Long.compareUnsigned(leaf.lastFlushId(), firstUnsettledFlush) < 0;
  }

  private static boolean isTooMuch(long garbage, long versions) {
    return garbage * GARBAGE_SHARE >= versions && garbage > 0;
  }

  private void flushLeaf(int number, List<Entry> fresh) {
    LeafEntry leaf = directory.leaf(number);
    long bytes = EntryBlock.encodedBytes(fresh);
    growTo(number);
    if (hasRoom(leaf, fresh, bytes) && !isWanted(number, bytes)) {
      writePending(true);
      put.add(writer.delta(leaf, fresh));
      done = number;
    } else {
      rewrite(number, fresh);
    }
  }

  private boolean hasRoom(LeafEntry leaf, List<Entry> fresh, long bytes) {
    if (leaf.isEmpty() || leaf.flushIds().length > DELTAS_MAX
        || leaf.deltaBytes() + bytes > Math.max(leaf.baseBytes(), LEAF_BYTES_TARGET / 2)) {
      return false;
    }
    long garbage = 2L * retention.settledTombstones(fresh) + (isSettled(leaf) ? leaf.garbage() : 0);
    return !isTooMuch(garbage, (long) leaf.versions() + fresh.size());
  }

  /** Whether what is pending is small, stands before that leaf, and may be merged with it and the bytes it gets. */
  private boolean isWanted(int number, long freshBytes) {
    return pending != null && pending.isSmall() && pending.last == number - 1
        && mayBeMerged(directory.leaf(number), pending.bytes + freshBytes);
  }

  /** Sealed bytes are about as many as the raw ones, or fewer: so this spares reading leaves that are too large. */
  private static boolean mayBeMerged(LeafEntry leaf, long withBytes) {
    return (long) leaf.baseBytes() + leaf.deltaBytes() + withBytes <= LEAF_BYTES_TARGET;
  }

  private List<Entry> content(LeafEntry leaf, List<Entry> fresh) {
    List<Entry> all = new ArrayList<>(reader.readToReplace(leaf, snapshot).entries());
    all.addAll(fresh);
    return retention.needed(LeafReader.sortedDistinct(all));
  }

  private void rewrite(int number, List<Entry> fresh) {
    growTo(number);
    LeafEntry leaf = directory.leaf(number);
    List<Entry> kept = content(leaf, fresh);
    if (pending != null && pending.last == number - 1 && absorbs(leaf, kept, EntryBlock.encodedBytes(kept) < LEAF_BYTES_SMALL)) {
      pending.last = number;
      return;
    }
    writePending(true);
    if (kept.isEmpty()) {
      drop(leaf);
      done = number;
      return;
    }
    byte[] firstKey = leaf.firstKey();
    for (int from = 0; from < kept.size(); ) {
      int to = pieceEnd(kept, from);
      writePending(false);
      pending = new Piece(firstKey, kept.subList(from, to), from == 0 ? number - 1 : -1, number);
      from = to;
      firstKey = from < kept.size() ? kept.get(from).key() : null;
    }
  }

  private void drop(LeafEntry leaf) {
    if (leaf.firstKey().length == 0) {
      put.add(LeafEntry.EMPTY);
    } else {
      removed.add(leaf.firstKey());
    }
  }

  /** Merges what is pending with the content of the leaf behind it, if either is small and both are no more than a leaf. */
  private boolean absorbs(LeafEntry leaf, List<Entry> content, boolean small) {
    long bytes = EntryBlock.encodedBytes(content);
    if (!content.isEmpty() && (!small && !pending.isSmall() || pending.bytes + bytes > LEAF_BYTES_TARGET)) {
      return false;
    }
    pending.entries.addAll(content);
    pending.bytes += bytes;
    removed.add(leaf.firstKey());
    return true;
  }

  /** As long as what is pending is small, merges it with the leaves behind it, up to but without {@code limit}. */
  private void growTo(int limit) {
    while (pending != null && pending.isSmall() && pending.last + 1 < limit) {
      LeafEntry right = directory.leaf(pending.last + 1);
      if (!mayBeMerged(right, pending.bytes) || !absorbs(right, content(right, List.of()), false)) {
        return;
      }
      pending.last++;
    }
  }

  /** Writes what is pending; if it is small still, together with the leaf before it. */
  private void writePending(boolean mayGrow) {
    if (pending == null) {
      return;
    }
    Piece piece = pending;
    pending = null;
    if (mayGrow && piece.isSmall() && piece.left > done && mayBeMerged(directory.leaf(piece.left), piece.bytes)) {
      LeafEntry left = directory.leaf(piece.left);
      List<Entry> before = content(left, List.of());
      if (piece.bytes + EntryBlock.encodedBytes(before) <= LEAF_BYTES_TARGET) {
        piece.entries.addAll(0, before);
        removed.add(piece.firstKey);
        piece.firstKey = left.firstKey();
      }
    }
    put.add(writer.base(piece.firstKey, piece.entries));
    done = piece.last;
  }

  /**
   * Where the piece that begins at {@code from} ends: near the target size, never between two versions of one key, and so
   * that what is left is not small.
   */
  private static int pieceEnd(List<Entry> entries, int from) {
    long bytes = 0;
    int to = from;
    while (to < entries.size()) {
      boolean sameKey = to > from && Arrays.equals(entries.get(to).key(), entries.get(to - 1).key());
      if (bytes >= LEAF_BYTES_TARGET && !sameKey && !isSmall(entries.subList(to, entries.size()))) {
        break;
      }
      bytes += EntryBlock.encodedBytes(entries.get(to++));
    }
    return to;
  }

  private static boolean isSmall(List<Entry> entries) {
    long bytes = 0;
    for (int i = 0; i < entries.size() && bytes < LEAF_BYTES_SMALL; i++) {
      bytes += EntryBlock.encodedBytes(entries.get(i));
    }
    return bytes < LEAF_BYTES_SMALL;
  }
}
