package org.treatydb.kv.enclave.leaf;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.VersionedKey;

/** Opens leaves, and keeps the opened ones in a cache bounded in bytes. Thread-safe. */
public final class LeafReader {

  private static final Comparator<Entry> VERSION_ORDER = Comparator.comparing(e -> new VersionedKey(e.key(), e.timestamp()));

  /** A leaf's content is fixed by its id and the last flush that wrote to it. */
  private record CacheKey(long leafId, long lastFlush) {

    static CacheKey of(LeafEntry leaf) {
      return new CacheKey(leaf.leafId(), leaf.lastFlushId());
    }
  }

  /** Sees one of several leaves read. */
  public interface LeafVisitor {

    /** The leaf at that place of the list asked for holds {@code content}. */
    void leaf(int number, EntryBlock content);
  }

  /** Sealed bytes after which no further leaf is fetched at once. */
  private static final long FETCH_BYTES_TARGET = 8L << 20;

  private final FrameCodec frames;
  private final Cache<CacheKey, EntryBlock> cache;

  public LeafReader(StoreId store, FrameSealers sealers, long cacheBytesMax) {
    this.frames = new FrameCodec(store, sealers);
    this.cache = Caffeine.newBuilder()
        .executor(Runnable::run)
        .maximumWeight(cacheBytesMax)
        .weigher((CacheKey key, EntryBlock block) -> block.weight())
        .build();
  }

  FrameCodec frames() {
    return frames;
  }

  /**
   * The entries of a leaf, all frames merged.
   *
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if the stored frames are not those the directory names
   */
  public EntryBlock read(LeafEntry leaf, SealedStore.Snapshot snapshot) {
    if (leaf.isEmpty()) {
      return EntryBlock.EMPTY;
    }
    EntryBlock cached = cache.getIfPresent(CacheKey.of(leaf));
    return cached != null ? cached : open(leaf, snapshot.get(leaf.leafId()));
  }

  /** As {@link #read}, but the cache does not keep what is about to be replaced. */
  EntryBlock readToReplace(LeafEntry leaf, SealedStore.Snapshot snapshot) {
    if (leaf.isEmpty()) {
      return EntryBlock.EMPTY;
    }
    EntryBlock cached = cache.getIfPresent(CacheKey.of(leaf));
    return cached != null ? cached : merge(frames.open(leaf, snapshot.get(leaf.leafId())));
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
      EntryBlock known = leaf.isEmpty() ? EntryBlock.EMPTY : cache.getIfPresent(CacheKey.of(leaf));
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
      visitor.leaf(numbers.get(i), open(leaves.get(numbers.get(i)), stored.get(i)));
    }
  }

  private EntryBlock open(LeafEntry leaf, byte[] stored) {
    EntryBlock opened = merge(frames.open(leaf, stored));
    cache.put(CacheKey.of(leaf), opened);
    return opened;
  }

  private static EntryBlock merge(List<EntryBlock> blocks) {
    if (blocks.size() == 1) {
      return blocks.getFirst();
    }
    List<Entry> all = new ArrayList<>();
    blocks.forEach(block -> all.addAll(block.entries()));
    return EntryBlock.decode(EntryBlock.encode(sortedDistinct(all)));
  }

  /** Sorts versions and drops those that occur twice. */
  static List<Entry> sortedDistinct(List<Entry> entries) {
    entries.sort(VERSION_ORDER);
    List<Entry> distinct = new ArrayList<>(entries.size());
    for (Entry each : entries) {
      if (distinct.isEmpty() || VERSION_ORDER.compare(distinct.getLast(), each) != 0) {
        distinct.add(each);
      }
    }
    return distinct;
  }
}
