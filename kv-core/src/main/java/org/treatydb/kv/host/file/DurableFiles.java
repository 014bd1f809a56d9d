package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Small files that are there as a whole or not at all, also after a crash. */
final class DurableFiles {

  private DurableFiles() {}

  /** Makes the names in a directory durable. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Creates {@code directory} and those above it that are not there, durably. */
  static Path createDirectories(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (!Files.isDirectory(absolute)) {
      createDirectories(absolute.getParent());
      Files.createDirectories(absolute);
      syncDirectory(absolute.getParent());
    }
    return directory;
  }

  /** Removes a directory with what is in it; no effect if it is not there. */
  static void removeTree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Writes {@code file} anew: beside it, synced, then renamed over it. */
  static void replace(Path file, byte[] bytes) throws IOException {
    replace(file, bytes, false);
  }

  /** As {@link #replace}, readable and writable by its owner only, from the first moment on. */
  static void replacePrivate(Path file, byte[] bytes) throws IOException {
    replace(file, bytes, true);
  }

  private static void replace(Path file, byte[] bytes, boolean ownerOnly) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(beside);
    if (ownerOnly && Files.getFileStore(beside).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(beside, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(file.toAbsolutePath().getParent());
  }
}
