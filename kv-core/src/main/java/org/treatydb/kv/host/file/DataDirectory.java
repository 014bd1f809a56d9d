package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A store's directory, held by one process at a time: {@code LOCK}, {@code STORE} (the header), {@code wal/},
 * {@code manifest/}, {@code leaves/}, and of a cluster's node {@code clog/}. Not thread-safe.
 */
public final class DataDirectory implements AutoCloseable {

  private static final String LOCK = "LOCK";
  private static final String STORE = "STORE";

  private final Path path;
  /** Null for a reader of a store that has no lock file. */
  private final FileClaim lock;

  private DataDirectory(Path path, FileClaim lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates {@code path} if it is not there, and locks it.
   *
   * @throws KvException.Unavailable with STORE_IN_USE if it is locked, NOT_A_STORE if other files lie in it, IO_FAILURE
   */
  public static DataDirectory open(Path path) {
    try {
      DurableFiles.createDirectories(path);
      if (!Files.exists(path.resolve(STORE)) && !Files.exists(path.resolve(LOCK)) && !isEmpty(path)) {
        throw new KvException.Unavailable(
            ErrorCode.NOT_A_STORE, path + " holds other files and no Treaty store; choose an empty or new directory", null);
      }
      FileClaim lock = FileClaim.claim(path.resolve(LOCK)).orElseThrow(() -> inUse(path));
      DataDirectory opened = new DataDirectory(path.toRealPath(), lock);
      opened.removeCheckpoint();
      return opened;
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot open the data directory " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Locks {@code path}, which must hold a store.
   *
   * @throws KvException.Unavailable with STORE_IN_USE if it is locked, NOT_A_STORE if there is no store, IO_FAILURE
   */
  public static DataDirectory openExisting(Path path) {
    requireStore(path);
    return open(path);
  }

  /**
   * As {@link #openExisting}, for someone who only reads: nothing in the directory is changed, not even its times of
   * change. A store that nobody has opened yet at its place, such as a backup, has no lock; it is read without one.
   */
  public static DataDirectory openToRead(Path path) {
    requireStore(path);
    try {
      Path real = path.toRealPath();
      if (!Files.exists(real.resolve(LOCK))) {
        return new DataDirectory(real, null);
      }
      return new DataDirectory(real, FileClaim.claimToRead(real.resolve(LOCK)).orElseThrow(() -> inUse(path)));
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot open the data directory " + path + ": " + e.getMessage(), e);
    }
  }

  private static void requireStore(Path path) {
    if (!Files.exists(path.resolve(STORE))) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "there is no Treaty store at " + path, null);
    }
  }

  private static KvException inUse(Path path) {
    return new KvException.Unavailable(
        ErrorCode.STORE_IN_USE, "the data directory " + path + " is in use by another process or store", null);
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  public Path path() {
    return path;
  }

  public Path wal() {
    return path.resolve("wal");
  }

  public Path manifest() {
    return path.resolve("manifest");
  }

  public Path clog() {
    return path.resolve("clog");
  }

  public Path leaves() {
    return path.resolve("leaves");
  }

  /** Where a checkpoint of the leaves is made for a backup; what a crash has left of an earlier one is removed. */
  public Path newCheckpoint() throws IOException {
    removeCheckpoint();
    return checkpoint();
  }

  public void removeCheckpoint() throws IOException {
    DurableFiles.removeTree(checkpoint());
  }

  private Path checkpoint() {
    return path.resolve("checkpoint");
  }

  /** The store's header; empty if there is none. */
  public Optional<byte[]> readHeader(int bytesMax) throws IOException {
    Path file = path.resolve(STORE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > bytesMax) {
      throw new IOException(file + " is longer than a store header can be");
    }
    return Optional.of(Files.readAllBytes(file));
  }

  /** Writes the header durably, whole or not at all. */
  public void writeHeader(byte[] header) throws IOException {
    DurableFiles.replace(path.resolve(STORE), header);
  }

  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot unlock " + path, e);
    }
  }
}
