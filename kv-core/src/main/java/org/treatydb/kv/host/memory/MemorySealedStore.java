package org.treatydb.kv.host.memory;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;

/**
 * Leaves in a map. Its snapshots show the present, not the past: that is enough, because the engine never changes the
 * frames a directory names, and deletes a leaf's bytes only after it has published a directory without it. Bytes that
 * an older view still names are kept until the last snapshot that may need them is closed.
 */
public final class MemorySealedStore implements SealedStore {

  private final ConcurrentHashMap<Long, byte[]> leaves = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private final DeferredDeletes deletes = new DeferredDeletes(leaves::remove);

  @Override
  public Snapshot snapshot() {
    long opened = deletes.open();
    return new Snapshot() {
      @Override
      public byte[] get(long leafId) {
        byte[] found = leaves.get(leafId);
        if (closed) {
          throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
        }
        return found;
      }

      @Override
      public List<byte[]> get(List<Long> leafIds) {
        return leafIds.stream().map(this::get).collect(Collectors.toList());
      }

      @Override
      public void close() {
        deletes.close(opened);
      }
    };
  }

  @Override
  public void apply(List<Edit> edits) {
    for (Edit edit : edits) {
      switch (edit) {
        case Edit.Put put -> leaves.put(put.leafId(), put.bytes());
        case Edit.Append more -> leaves.merge(more.leafId(), more.bytes(), MemorySealedStore::concatenate);
        case Edit.Delete delete -> deletes.delete(delete.leafId());
        case Edit.DeleteRange range -> leaves.keySet().removeIf(id -> id >= range.leafId() && id < range.end());
      }
    }
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Override
  public void sync() {
    // Memory is as durable as this host gets.
  }

  @Override
  public void close() {
    closed = true;
    leaves.clear();
  }
}
