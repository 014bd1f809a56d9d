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
    this.writer = new LeafWriter(reader, store, flushId, newLeafId);
    this.retention = retention;
    this.firstUnsettledFlush = firstUnsettledFlush;
  }

  /** The content of a rewritten leaf, or of several that are one now. */
  private static final class Piece {
    private byte[] firstKey;
    private EntryBlock entries;
    /** The leaf before it, which it may be merged with; -1 if there is none. */
    private final int left;
    /** The last leaf whose content this is. */
    private int last;
    /** Whether a leaf that it comes from was in the cache. */
    private boolean cached;

    Piece(byte[] firstKey, EntryBlock entries, int left, int last, boolean cached) {
      this.firstKey = firstKey;
      this.entries = entries;
      this.left = left;
      this.last = last;
      this.cached = cached;
    }

    int bytes() {
      return entries.length();
    }

    boolean isSmall() {
      return bytes() < LEAF_BYTES_SMALL;
    }
  }

  /** Writes the sorted {@code versions} and returns, when they are durable, what that changes in the directory. */
  public DirectoryEdit run(Iterator<Entry> versions) {
    Deque<Integer> sweep = leavesToSweep();
    Entry next = versions.hasNext() ? versions.next() : null;
    while (next != null || !sweep.isEmpty()) {
      int number = next == null ? directory.size() : directory.find(next.key());
      if (!sweep.isEmpty() && sweep.peek() < number) {
        rewrite(sweep.poll(), EntryBlock.EMPTY);
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
      flushLeaf(number, retention.visible(EntryBlock.of(fresh)));
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

  private void flushLeaf(int number, EntryBlock fresh) {
    LeafEntry leaf = directory.leaf(number);
    growTo(number);
    if (hasRoom(leaf, fresh) && !isWanted(number, fresh.length())) {
      writePending(true);
      put.add(writer.delta(leaf, fresh));
      done = number;
    } else {
      rewrite(number, fresh);
    }
  }

  private boolean hasRoom(LeafEntry leaf, EntryBlock fresh) {
    if (leaf.isEmpty() || leaf.flushIds().length > DELTAS_MAX
        || leaf.deltaBytes() + fresh.length() > Math.max(leaf.baseBytes(), LEAF_BYTES_TARGET / 2)) {
      return false;
    }
    long garbage = 2L * retention.settledTombstones(fresh) + (isSettled(leaf) ? leaf.garbage() : 0);
    return !isTooMuch(garbage, (long) leaf.versions() + fresh.count());
  }

  /** Whether what is pending is small, stands before that leaf, and may be merged with it and the bytes it gets. */
  private boolean isWanted(int number, long freshBytes) {
    return pending != null && pending.isSmall() && pending.last == number - 1
        && mayBeMerged(directory.leaf(number), (long) pending.bytes() + freshBytes);
  }

  /** Sealed bytes are about as many as the raw ones, or fewer: so this spares reading leaves that are too large. */
  private static boolean mayBeMerged(LeafEntry leaf, long withBytes) {
    return (long) leaf.baseBytes() + leaf.deltaBytes() + withBytes <= LEAF_BYTES_TARGET;
  }

  private EntryBlock content(LeafEntry leaf, EntryBlock fresh) {
    return retention.needed(reader.readToReplace(leaf, snapshot).merged().merge(fresh));
  }

  private void rewrite(int number, EntryBlock fresh) {
    growTo(number);
    LeafEntry leaf = directory.leaf(number);
    EntryBlock kept = content(leaf, fresh);
    if (pending != null && pending.last == number - 1 && absorbs(leaf, kept, kept.length() < LEAF_BYTES_SMALL)) {
      pending.last = number;
      return;
    }
    writePending(true);
    if (kept.count() == 0) {
      drop(leaf);
      done = number;
      return;
    }
    boolean cached = reader.isCached(leaf);
    byte[] firstKey = leaf.firstKey();
    for (int from = 0; from < kept.count(); ) {
      int to = pieceEnd(kept, from);
      writePending(false);
      pending = new Piece(firstKey, kept.slice(from, to), from == 0 ? number - 1 : -1, number, cached);
      from = to;
      firstKey = from < kept.count() ? kept.key(from) : null;
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
  private boolean absorbs(LeafEntry leaf, EntryBlock content, boolean small) {
    if (content.count() > 0 && (!small && !pending.isSmall() || (long) pending.bytes() + content.length() > LEAF_BYTES_TARGET)) {
      return false;
    }
    pending.cached |= reader.isCached(leaf);
    pending.entries = pending.entries.merge(content);
    removed.add(leaf.firstKey());
    return true;
  }

  /** As long as what is pending is small, merges it with the leaves behind it, up to but without {@code limit}. */
  private void growTo(int limit) {
    while (pending != null && pending.isSmall() && pending.last + 1 < limit) {
      LeafEntry right = directory.leaf(pending.last + 1);
      if (!mayBeMerged(right, pending.bytes()) || !absorbs(right, content(right, EntryBlock.EMPTY), false)) {
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
    if (mayGrow && piece.isSmall() && piece.left > done && mayBeMerged(directory.leaf(piece.left), piece.bytes())) {
      LeafEntry left = directory.leaf(piece.left);
      EntryBlock before = content(left, EntryBlock.EMPTY);
      if ((long) piece.bytes() + before.length() <= LEAF_BYTES_TARGET) {
        piece.entries = before.merge(piece.entries);
        removed.add(piece.firstKey);
        piece.firstKey = left.firstKey();
      }
    }
    put.add(writer.base(piece.firstKey, piece.entries, piece.cached));
    done = piece.last;
  }

  /**
   * Where the piece that begins at {@code from} ends: near the target size, never between two versions of one key, and so
   * that what is left is not small.
   */
  private static int pieceEnd(EntryBlock entries, int from) {
    int to = from;
    while (to < entries.count()) {
      boolean sameKey = to > from && entries.sameKey(to - 1, to);
      if (entries.length(from, to) >= LEAF_BYTES_TARGET && !sameKey && entries.length(to, entries.count()) >= LEAF_BYTES_SMALL) {
        break;
      }
      to++;
    }
    return to;
  }
}
