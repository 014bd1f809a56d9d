package org.treatydb.kv.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;

/** What someone with the disk does: copies directories, puts them back, removes them. */
public final class DirectoryCopy {

  private DirectoryCopy() {}

  /**
   * Makes {@code to} a copy of {@code from}, whatever it was before; returns it. Begins again when a file vanishes meanwhile,
   * as RocksDB's do in an open store.
   */
  public static Path of(Path from, Path to) {
    while (!copied(from, to)) {
      Thread.onSpinWait();
    }
    return to;
  }

  private static boolean copied(Path from, Path to) {
    remove(to);
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
      return true;
    } catch (UncheckedIOException e) {
      return failed(e.getCause(), from);
    } catch (IOException e) {
      return failed(e, from);
    }
  }

  private static boolean failed(IOException failure, Path from) {
    if (failure instanceof NoSuchFileException missing && from.toFile().exists() && missing.getFile().startsWith(from.toString())) {
      return false;
    }
    throw new UncheckedIOException(failure);
  }

  /** Removes {@code directory} or file; no effect if it is not there. */
  public static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
          Files.delete(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
          Files.delete(each);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
