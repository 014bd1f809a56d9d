package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the kernel has counted for this process: bytes it caused to be read from and written to disk, native code
 * included, in whole pages, whether or not they have reached the disk yet. Zero where there is no {@code /proc}.
 */
record ProcessIo(long readBytes, long writtenBytes) {

  private static final Path COUNTERS = Path.of("/proc/self/io");
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_BYTES_MAX = 256 << 10;

  static boolean isCounted() {
    return Files.isReadable(COUNTERS);
  }

  static ProcessIo now() {
    return isCounted() ? new ProcessIo(value(COUNTERS, "read_bytes:"), value(COUNTERS, "write_bytes:")) : new ProcessIo(0, 0);
  }

  /** Bytes of memory this process holds now; 0 if it is not known. */
  static long residentBytes() {
    return value(STATUS, "VmRSS:") << 10;
  }

  /** The most bytes of memory this process has held; 0 if it is not known. */
  static long residentBytesPeak() {
    return value(STATUS, "VmHWM:") << 10;
  }

  ProcessIo since(ProcessIo earlier) {
    return new ProcessIo(readBytes - earlier.readBytes, writtenBytes - earlier.writtenBytes);
  }

  /**
   * Waits until this process writes nothing to speak of for a second, so that an engine's background work is done, but
   * no longer than {@code nanosMax}; returns since when, by {@link System#nanoTime}, it has been quiet.
   */
  static long awaitQuiet(long nanosMax) {
    long end = System.nanoTime() + nanosMax;
    long quietSince = System.nanoTime();
    ProcessIo last = now();
    while (isCounted() && System.nanoTime() - end < 0 && System.nanoTime() - quietSince < QUIET_NANOS) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      ProcessIo next = now();
      if (next.since(last).writtenBytes > QUIET_BYTES_MAX) {
        quietSince = System.nanoTime();
      }
      last = next;
    }
    return quietSince;
  }

  private static long value(Path file, String name) {
    if (!Files.isReadable(file)) {
      return 0;
    }
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.substring(name.length()).replace("kB", "").strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
