package org.treatydb.kv.enclave.memtable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Reads values for one walk through a memtable, and keeps the chunks it opened last: the values of one commit lie in
 * key order, so a walk in key order comes back to the same chunks. Not thread-safe.
 */
final class OpenedChunks {

  private final SealedArena arena;
  private final Map<Long, byte[]> opened;

  /** Keeps {@code countMax} chunks. */
  OpenedChunks(SealedArena arena, int countMax) {
    this.arena = arena;
    this.opened = new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
        return size() > countMax;
      }
    };
  }

  /** The value of {@code version}, which must not be a tombstone; the array is the caller's own. */
  byte[] value(StoredVersion version) {
    SealedArena.Chunk chunk = version.chunk();
    if (chunk.length() == version.length() + Sealer.TAG_BYTES) {
      return arena.get(chunk);
    }
    byte[] plain = opened.get(chunk.number());
    if (plain == null) {
      plain = arena.get(chunk);
      opened.put(chunk.number(), plain);
    }
    return Arrays.copyOfRange(plain, version.offset(), version.offset() + version.length());
  }
}
