package org.treatydb.dist.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacedFileTest {

  @TempDir
  Path directory;

  @Test
  void theNewestBytesAreThereAndNothingElse() throws IOException {
    ReplacedFile file = new ReplacedFile(directory.resolve("counters"));
    assertEquals(Optional.empty(), file.read());
    for (byte[] bytes : new byte[][] {new byte[100_000], {1, 2, 3}, {}}) {
      file.write(bytes);
      assertArrayEquals(bytes, new ReplacedFile(directory.resolve("counters")).read().orElseThrow());
    }
    Files.writeString(directory.resolve("counters.new"), "what a crash left of a writing");
    file.write(new byte[] {4});
    assertArrayEquals(new byte[] {4}, file.read().orElseThrow());
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }
}
