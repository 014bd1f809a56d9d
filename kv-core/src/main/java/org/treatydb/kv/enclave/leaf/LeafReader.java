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
  private record CacheKey(long leafId, long lastFlush) {}

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
    if (leaf.flushIds().length == 0) {
      return EntryBlock.EMPTY;
    }
    CacheKey key = new CacheKey(leaf.leafId(), leaf.flushIds()[leaf.flushIds().length - 1]);
    EntryBlock cached = cache.getIfPresent(key);
    if (cached != null) {
      return cached;
    }
    EntryBlock opened = merge(frames.open(leaf, snapshot.get(leaf.leafId())));
    cache.put(key, opened);
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
