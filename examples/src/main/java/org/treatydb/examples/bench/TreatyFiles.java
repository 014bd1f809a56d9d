package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** Opens Treaty's side: the store, its key and its counter all below one directory. */
final class TreatyFiles {

  /** Memtables of 32 MiB, which is what RocksDB's side has as write buffers. */
  private static final long MEMORY_BYTES = 512L << 20;

  /** What Treaty's own RocksDB caches beside the opened leaves. */
  private static final long SEALED_CACHE_BYTES = MEMORY_BYTES / 16;

  private TreatyFiles() {}

  /** Opens or creates the store; {@code cacheBytes}: memory for all its caches together. */
  static EmbeddedStore open(Path directory, long cacheBytes) {
    Path keyFile = directory.resolve("key");
    try {
      Files.createDirectories(directory);
      if (!Files.exists(keyFile)) {
        Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile, "00".repeat(32));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return EmbeddedStore.open(
        directory.resolve("data"),
        EmbeddedStoreOptions.defaults()
            .withKeyFile(keyFile)
            .withCounterDirectory(directory.resolve("counters"))
            .withMemoryBytes(MEMORY_BYTES)
            .withLeafCacheBytes(leafCacheBytes(cacheBytes)));
  }

  private static long leafCacheBytes(long cacheBytes) {
    return Math.max(0, cacheBytes - SEALED_CACHE_BYTES);
  }

  /** The settings, for the report. */
  static String describe(long cacheBytes) {
    return ("Treaty: cache of opened leaves %d MiB, of sealed blocks %d MiB, otherwise as it comes; each commit synced and confirmed by the"
        + " counter file, concurrent commits share both").formatted(leafCacheBytes(cacheBytes) >> 20, SEALED_CACHE_BYTES >> 20);
  }
}
