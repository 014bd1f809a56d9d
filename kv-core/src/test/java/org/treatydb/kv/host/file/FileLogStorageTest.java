package org.treatydb.kv.host.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.boundary.SealedLogFile;

/** Zeros are written ahead of small appends, and are gone when the segment is closed. */
class FileLogStorageTest {

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("0000000001.log");
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  @Test
  void whatIsAppendedComesBackWithNothingBehindIt() throws IOException {
    for (FileLogStorage storage : List.of(FileLogStorage.writingAhead(directory), new FileLogStorage(directory))) {
      Random random = new Random(1);
      ByteBuffer expected = ByteBuffer.allocate(4 << 20);
      try (SealedLogFile segment = storage.create(1)) {
        while (expected.remaining() > 100_000) {
          byte[] bytes = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 100_000 : 3000)];
          random.nextBytes(bytes);
          segment.append(ByteBuffer.wrap(bytes));
          segment.sync();
          expected.put(bytes);
          assertEquals(expected.position(), segment.size());
        }
      }
      assertArrayEquals(Arrays.copyOf(expected.array(), expected.position()), Files.readAllBytes(file()));
      storage.delete(1);
    }
  }

  @Test
  void hardlyAnySmallAppendChangesTheLengthOfTheFile() throws IOException {
    try (SealedLogFile segment = FileLogStorage.writingAhead(directory).create(1)) {
      List<Long> lengths = new ArrayList<>();
      for (int i = 0; i < 10_000; i++) {
        segment.append(ByteBuffer.wrap(filled(200)));
        lengths.add(Files.size(file()));
      }
      assertTrue(lengths.stream().distinct().count() < 12, "lengths: " + lengths.stream().distinct().toList());
      byte[] bytes = Files.readAllBytes(file());
      assertArrayEquals(filled(2_000_000), Arrays.copyOf(bytes, 2_000_000));
      assertArrayEquals(new byte[bytes.length - 2_000_000], Arrays.copyOfRange(bytes, 2_000_000, bytes.length));
    }
  }

  @Test
  void noZerosAreWrittenBehindALongAppendOrWhereNoneWereAskedFor() throws IOException {
    try (SealedLogFile segment = FileLogStorage.writingAhead(directory).create(1)) {
      segment.append(ByteBuffer.wrap(filled(FileLogStorage.APPEND_BYTES_MAX + 1)));
      assertEquals(FileLogStorage.APPEND_BYTES_MAX + 1, Files.size(file()));
    }
    Files.delete(file());
    try (SealedLogFile segment = new FileLogStorage(directory).create(1)) {
      segment.append(ByteBuffer.wrap(filled(10)));
      assertEquals(10, Files.size(file()));
    }
  }

  /** A crash leaves zeros; whoever opens the segment then sees them, and may cut them. */
  @Test
  void aSegmentThatWasNotClosedEndsInZeros() throws IOException {
    FileLogStorage storage = FileLogStorage.writingAhead(directory);
    try (SealedLogFile open = storage.create(1)) {
      open.append(ByteBuffer.wrap(filled(10)));
      Files.copy(file(), directory.resolve("0000000002.log"));
    }
    try (SealedLogFile left = storage.open(2)) {
      assertEquals(10 + FileLogStorage.AHEAD_BYTES_MIN, left.size());
      left.truncate(10);
      assertEquals(10, left.size());
    }
    assertArrayEquals(filled(10), Files.readAllBytes(directory.resolve("0000000002.log")));
  }
}
