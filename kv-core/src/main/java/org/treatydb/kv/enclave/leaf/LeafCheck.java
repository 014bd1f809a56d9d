package org.treatydb.kv.enclave.leaf;

import java.util.Arrays;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.version.VersionedKey;

/**
 * Checks leaves one by one, and counts what they hold. Stricter than a reader, who looks only for what was asked: every
 * frame must open, hold its versions in order, and hold none outside the leaf's range. Not thread-safe.
 */
public final class LeafCheck {

  private final FrameCodec frames;
  private long leaves;
  private long versions;
  private long bytes;
  private long oldest = Long.MAX_VALUE;
  private long newest;

  public LeafCheck(StoreId store, FrameSealers sealers) {
    this.frames = new FrameCodec(store, sealers);
  }

  /**
   * Checks one leaf.
   *
   * @param range the keys that the directory gives it
   * @param stored what the sealed store holds of it; null if nothing
   * @throws KvException.IntegrityViolation if it is not as the directory says
   */
  public void check(LeafEntry leaf, KeyRange range, byte[] stored) {
    if (leaf.isEmpty()) {
      return;
    }
    List<EntryBlock> blocks = frames.open(leaf, stored);
    blocks.forEach(block -> checkOrder(leaf, range, block));
    if (!FrameCodec.isFramed(stored)) {
      throw new KvException.IntegrityViolation("stored data do not match the directory: something lies behind leaf " + leaf.leafId());
    }
    EntryBlock all = new OpenedLeaf(leaf.lastFlushId(), blocks).merged();
    for (int i = 0; i < all.count(); i++) {
      oldest = Math.min(oldest, all.timestamp(i));
      newest = Math.max(newest, all.timestamp(i));
    }
    versions += all.count();
    leaves++;
    bytes += stored.length;
  }

  private static void checkOrder(LeafEntry leaf, KeyRange range, EntryBlock block) {
    VersionedKey before = null;
    for (int i = 0; i < block.count(); i++) {
      VersionedKey next = new VersionedKey(block.key(i), block.timestamp(i));
      if (before != null && before.compareTo(next) >= 0) {
        throw new KvException.IntegrityViolation("leaf " + leaf.leafId() + " holds versions out of order");
      }
      boolean below = Arrays.compareUnsigned(next.key(), range.start()) < 0;
      if (below || range.end() != null && Arrays.compareUnsigned(next.key(), range.end()) >= 0) {
        throw new KvException.IntegrityViolation("leaf " + leaf.leafId() + " holds keys that belong to another leaf");
      }
      before = next;
    }
  }

  /** Leaves that hold something. */
  public long leaves() {
    return leaves;
  }

  public long versions() {
    return versions;
  }

  /** Stored bytes of those leaves. */
  public long bytes() {
    return bytes;
  }

  /** The smallest timestamp met; {@link Long#MAX_VALUE} if none. */
  public long oldest() {
    return oldest;
  }

  /** The largest timestamp met; 0 if none. */
  public long newest() {
    return newest;
  }
}
