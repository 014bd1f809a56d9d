package org.treatydb.kv.enclave.leaf;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;

/**
 * Opens leaves, and keeps the opened ones in a cache bounded in bytes. What a flush adds to a leaf that is there it adds there,
 * too, so that writing does not empty the cache. Thread-safe.
 */
public final class LeafReader {

  /** Sees one of several leaves read. */
  public interface LeafVisitor {

    /** The leaf at that place of the list asked for holds {@code content}. */
    void leaf(int number, OpenedLeaf content);
  }

  /** Sealed bytes after which no further leaf is fetched at once. */
  private static final long FETCH_BYTES_TARGET = 8L << 20;

  private final FrameCodec frames;
  /** By leaf id. */
  private final Cache<Long, OpenedLeaf> cache;

  public LeafReader(StoreId store, FrameSealers sealers, long cacheBytesMax) {
    this.frames = new FrameCodec(store, sealers);
    this.cache = Caffeine.newBuilder()
        .executor(Runnable::run)
        .maximumWeight(cacheBytesMax)
        .weigher((Long leafId, OpenedLeaf leaf) -> leaf.weight())
        .build();
  }

  FrameCodec frames() {
    return frames;
  }

  /** The leaf as the cache has it; null if it has not, or not all of it. */
  private OpenedLeaf cached(LeafEntry leaf) {
    if (leaf.isEmpty()) {
      return OpenedLeaf.EMPTY;
    }
    OpenedLeaf cached = cache.getIfPresent(leaf.leafId());
    return cached != null && cached.covers(leaf) ? cached : null;
  }

  /**
   * The entries of a leaf.
   *
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if the stored frames are not those the directory names
   */
  public OpenedLeaf read(LeafEntry leaf, SealedStore.Snapshot snapshot) {
    OpenedLeaf cached = cached(leaf);
    return cached != null ? cached : openToKeep(leaf, snapshot.get(leaf.leafId()));
  }

  /** As {@link #read}, but the cache does not keep what is about to be replaced. */
  OpenedLeaf readToReplace(LeafEntry leaf, SealedStore.Snapshot snapshot) {
    OpenedLeaf cached = cached(leaf);
    return cached != null ? cached : open(leaf, snapshot.get(leaf.leafId()));
  }

  /**
   * The entries of several leaves, each handed to {@code visitor} when it comes: those in the cache at once, the others
   * fetched many at a time.
   *
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if a leaf's frames are not those the directory names
   */
  public void read(List<LeafEntry> leaves, SealedStore.Snapshot snapshot, LeafVisitor visitor) {
    List<Integer> missing = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < leaves.size(); i++) {
      LeafEntry leaf = leaves.get(i);
      OpenedLeaf known = cached(leaf);
      if (known != null) {
        visitor.leaf(i, known);
        continue;
      }
      missing.add(i);
      bytes += (long) leaf.baseBytes() + leaf.deltaBytes();
      if (bytes >= FETCH_BYTES_TARGET) {
        fetch(missing, leaves, snapshot, visitor);
        missing.clear();
        bytes = 0;
      }
    }
    fetch(missing, leaves, snapshot, visitor);
  }

  private void fetch(List<Integer> numbers, List<LeafEntry> leaves, SealedStore.Snapshot snapshot, LeafVisitor visitor) {
    if (numbers.isEmpty()) {
      return;
    }
    List<byte[]> stored = snapshot.get(numbers.stream().map(number -> leaves.get(number).leafId()).toList());
    for (int i = 0; i < numbers.size(); i++) {
      visitor.leaf(numbers.get(i), openToKeep(leaves.get(numbers.get(i)), stored.get(i)));
    }
  }

  private OpenedLeaf open(LeafEntry leaf, byte[] stored) {
    return new OpenedLeaf(leaf.lastFlushId(), frames.open(leaf, stored));
  }

  private OpenedLeaf openToKeep(LeafEntry leaf, byte[] stored) {
    OpenedLeaf opened = open(leaf, stored);
    cache.put(leaf.leafId(), opened);
    return opened;
  }

  /** A flush has added {@code frame} to a leaf: if the cache has that, it has the frame, too, from now on. */
  void extend(LeafEntry leaf, long flushId, EntryBlock frame) {
    cache.asMap().computeIfPresent(
        leaf.leafId(), (leafId, present) -> present.covers(leaf) ? present.with(flushId, frame) : null);
  }

  /** Whether a leaf, all of it, is in the cache. */
  boolean isCached(LeafEntry leaf) {
    return !leaf.isEmpty() && cached(leaf) != null;
  }

  /** Puts a leaf that has just been written into the cache. */
  void keep(long leafId, long flushId, EntryBlock content) {
    cache.put(leafId, new OpenedLeaf(flushId, List.of(content)));
  }

  /** Nobody who comes from now on reads these leaves. */
  public void forget(Collection<Long> leafIds) {
    cache.invalidateAll(leafIds);
  }
}
