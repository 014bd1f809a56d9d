package org.treatydb.kv.host.file;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.embedded.MemoryDirectory;

/** What the readers of counter files and key files make of files that nobody wrote. */
class SmallFilesFuzzTest {

  private static final StoreId STORE = new StoreId(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private Path file(byte[] bytes) {
    try {
      return Files.write(directory.resolve("read"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] written(boolean confirmed) throws IOException {
    Path directory = Files.createTempDirectory("treaty-");
    Path file = directory.resolve("it.counter");
    try (CounterFile counter = new CounterFile(file)) {
      counter.register(STORE);
      if (confirmed) {
        counter.bindEpoch(0);
        counter.confirm(1, LogName.WAL, new LogHead(7, new byte[LogHead.DIGEST_BYTES]));
        counter.confirm(1, LogName.MANIFEST, new LogHead(1, new byte[LogHead.DIGEST_BYTES]));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    Files.delete(directory);
    return bytes;
  }

  private static Stream<byte[]> counters() throws IOException {
    return Stream.of(new byte[0], written(false), written(true));
  }

  @MethodSource("counters")
  @FuzzTest
  void counters(byte[] bytes) {
    DecoderContract.of(this::counter).refusingWith(KvException.IntegrityViolation.class).writtenBy(this::counterFile).check(bytes);
  }

  private Optional<TrustedCounter.State> counter(byte[] bytes) {
    try (CounterFile counter = CounterFile.openToRead(file(bytes)).orElseThrow()) {
      return counter.read();
    }
  }

  private byte[] counterFile(Optional<TrustedCounter.State> state) {
    Path file = directory.resolve("written");
    try (CounterFile counter = new CounterFile(file)) {
      state.ifPresent(counter::adopt);
    }
    return bytes(file);
  }

  private static Stream<byte[]> keys() throws IOException {
    Path file = Files.createTempFile("treaty-", ".key");
    KeyFile.write(file, HexFormat.of().parseHex("0123456789abcdef".repeat(4)));
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return Stream.of(bytes);
  }

  @MethodSource("keys")
  @FuzzTest
  void keys(byte[] bytes) {
    DecoderContract.of(each -> KeyFile.read(file(each))).refusingWith(KvException.Unavailable.class).writtenBy(this::keyFile)
        .check(bytes);
  }

  private byte[] keyFile(byte[] key) {
    Path file = directory.resolve("written");
    try {
      KeyFile.write(file, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes(file);
  }
}
