package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.store.StoreLimits;

class MemoryBoundTest {

  private static final int ROWS_PER_COMMIT = 500;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  /** Without backpressure the memtables alone would outgrow the heap. */
  @Test
  void aLoadLargerThanTheMemoryGoesThrough() throws Exception {
    int commits = 500;
    List<String> limits = List.of("-Xmx32m", "-XX:MaxDirectMemorySize=8m", "-XX:+ExitOnOutOfMemoryError");
    try (ChildJvm child = new ChildJvm(limits, BoundedLoader.class, directory.toString(), String.valueOf(commits))) {
      assertEquals("rows " + commits * ROWS_PER_COMMIT, child.line());
    }
  }

  @Test
  void theSharesAddUpToTheSetting() {
    for (long bytes : new long[] {StoreMemory.BYTES_MIN, 100_000_000, 1L << 40}) {
      StoreMemory memory = new StoreMemory(bytes);
      StoreLimits limits = memory.limits();
      long memTables = (1 + limits.frozenMemTablesMax()) * limits.memTableBytesMax();
      long rocksDb = 2 * memory.rocksDb().writeBufferBytes() + memory.rocksDb().blockCacheBytes();
      long unstable = 2 * limits.log().unstableBytesMax();
      long sum = memTables + limits.leafCacheBytesMax() + unstable + rocksDb;
      assertTrue(sum <= bytes && sum > bytes * 0.99, sum + " of " + bytes);
    }
  }

  @Test
  void withoutASettingItIsAShareOfTheHeap() {
    assertEquals(16L << 20, StoreMemory.forHeap(32L << 20).bytes());
    assertEquals(64L << 20, StoreMemory.forHeap(256L << 20).bytes());
    assertEquals(512L << 20, StoreMemory.forHeap(64L << 30).bytes());
  }

  @Test
  void tooLittleIsRefused() {
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults();
    KvException e = assertThrows(KvException.InvalidRequest.class, () -> options.withMemoryBytes(StoreMemory.BYTES_MIN - 1));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
    assertTrue(e.getMessage().contains("8 MiB"), e.getMessage());
  }
}
