package org.treatydb.kv.host.rocksdb;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.embedded.MemoryDirectory;

class RocksManifestTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  /** One that RocksDB has written. */
  private static Stream<byte[]> manifests() throws Exception {
    Path directory = new MemoryDirectory().createTempDirectory(null, null);
    try (RocksSealedStore store = new RocksSealedStore(directory, true, new RocksSealedStore.Memory(1 << 20, 1 << 20))) {
      store.apply(List.of(new SealedStore.Edit.Put(1, new byte[] {1})));
      store.sync();
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    byte[] manifest = new byte[0];
    for (Path file : files) {
      if (file.getFileName().toString().startsWith("MANIFEST-")) {
        manifest = Files.readAllBytes(file);
      }
      Files.delete(file);
    }
    return Stream.of(manifest);
  }

  @MethodSource("manifests")
  @FuzzTest
  void manifests(byte[] bytes) {
    DecoderContract.of(this::checked).refusingWith(KvException.IntegrityViolation.class).check(bytes);
  }

  private byte[] checked(byte[] bytes) {
    try {
      Files.writeString(directory.resolve("CURRENT"), "MANIFEST-000007\n");
      Files.write(directory.resolve("MANIFEST-000007"), bytes);
      RocksManifest.check(directory);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
