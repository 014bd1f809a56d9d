package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.store.StoreLimits;

/** The memory for opened leaves is the caller's to set. */
class LeafCacheOptionTest {

  @Test
  void isWhatTheStoreUsesAndNothingElseChanges() {
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults();
    StoreLimits limits = options.limits();
    assertEquals(limits.withLeafCacheBytesMax(1 << 20), options.withLeafCacheBytes(1 << 20).limits());
    assertEquals(1 << 20, options.withLeafCacheBytes(1 << 20).withKeyFile(Path.of("key")).limits().leafCacheBytesMax());
  }

  @Test
  void distinguishesOptions() {
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults().withLeafCacheBytes(1);
    assertEquals(options, EmbeddedStoreOptions.defaults().withLeafCacheBytes(1));
    assertNotEquals(options, EmbeddedStoreOptions.defaults());
  }

  @Test
  void cannotBeNegative() {
    KvException refusal = assertThrows(KvException.InvalidRequest.class, () -> EmbeddedStoreOptions.defaults().withLeafCacheBytes(-1));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
  }

  @Test
  void mayBeNothingAndReadsFindTheirLeaves(@TempDir Path root) {
    TemporaryStore place = new TemporaryStore(root);
    EmbeddedStoreOptions options = place.options().withLeafCacheBytes(0);
    try (EmbeddedStore store = EmbeddedStore.open(place.data, options, TemporaryStore.SMALL.withLeafCacheBytesMax(0))) {
      for (int i = 0; i < 1000; i++) {
        TemporaryStore.put(store, "k" + i, "v".repeat(100) + i);
      }
      for (int i = 0; i < 1000; i++) {
        assertEquals("v".repeat(100) + i, TemporaryStore.get(store, "k" + i));
      }
    }
  }
}
