package org.treatydb.kv.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.StoreLimits;

/** A store on real files below a test's directory: data, key and counter each in a place of its own. */
final class TemporaryStore {

  /** Small enough that a test's few rows go through flushes, rewrites, splits and checkpoints. */
  static final StoreLimits SMALL = new StoreLimits(32 << 10, 2, 64 << 10, 4, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10));

  final Path data;
  final Path counters;
  final Path keyFile;

  TemporaryStore(Path root) {
    this.data = root.resolve("data");
    this.counters = root.resolve("counters");
    this.keyFile = root.resolve("key");
    try {
      if (!Files.exists(keyFile)) {
        Files.createDirectories(root);
        Files.writeString(keyFile, "5ec3e7".repeat(10) + "0123");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  EmbeddedStoreOptions options() {
    return EmbeddedStoreOptions.defaults().withKeyFile(keyFile).withCounterDirectory(counters);
  }

  EmbeddedStore open() {
    return EmbeddedStore.open(data, options(), SMALL);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void put(KvStore store, String key, String value) {
    try (KvTransaction transaction = store.begin()) {
      transaction.put(bytes(key), bytes(value));
      transaction.commit();
    }
  }

  static void delete(KvStore store, String key) {
    store.run(transaction -> {
      transaction.delete(bytes(key));
      return null;
    });
  }

  static String get(KvStore store, String key) {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      return text(transaction.get(bytes(key)));
    }
  }

  static List<String> scan(KvTransaction transaction, KeyRange range, ScanOptions options) {
    List<String> found = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(range, options)) {
      while (cursor.next()) {
        found.add(text(cursor.key()) + "=" + text(cursor.value()));
      }
    }
    return found;
  }
}
