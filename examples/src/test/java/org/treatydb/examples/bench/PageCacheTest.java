package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dropping a file from the operating system's cache. */
class PageCacheTest {

  private static final int BYTES = 8 << 20;

  /** File systems of which the kernel counts what is read from disk. */
  private static final Set<String> ON_DISK = Set.of("ext4", "xfs", "btrfs");

  @Test
  void whatWasDroppedIsReadFromDiskAgain() throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "page-cache");
    try {
      Path file = directory.resolve("below").resolve("file");
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[BYTES]);
      assertEquals(0, bytesReadFromDisk(file));
      PageCache.find().orElseThrow().drop(directory);
      long dropped = bytesReadFromDisk(file);
      assertTrue(dropped >= BYTES || !ON_DISK.contains(Files.getFileStore(file).type()), "read from disk: " + dropped);
    } finally {
      BenchDirectory.delete(directory);
    }
  }

  private static long bytesReadFromDisk(Path file) throws IOException {
    ProcessIo before = ProcessIo.now();
    Files.readAllBytes(file);
    return ProcessIo.now().since(before).readBytes();
  }

  @Test
  void changesNoByte(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "unchanged");
    PageCache.find().orElseThrow().drop(directory);
    assertEquals("unchanged", Files.readString(file));
  }
}
