package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;

/**
 * A backup while it is being written: a data directory that becomes one with its header, which comes last. Before that
 * nobody takes it for a store. Not thread-safe.
 */
public final class BackupDirectory {

  private final Path path;

  /**
   * Begins a backup in {@code path}, which must be new or empty.
   *
   * @param data the real path of the directory that is backed up
   * @throws KvException.InvalidRequest if the place does not do
   */
  public BackupDirectory(Path path, Path data) throws IOException {
    this.path = StateDirectory.outside(path, data, "the backup directory");
    if (Files.isRegularFile(this.path) || Files.isDirectory(this.path) && !isEmpty(this.path)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "the backup directory " + path + " is not empty");
    }
    DurableFiles.createDirectories(leaves());
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private Path leaves() {
    return path.resolve("leaves");
  }

  public FileLogStorage wal() throws IOException {
    return new FileLogStorage(path.resolve("wal"));
  }

  public FileLogStorage manifest() throws IOException {
    return new FileLogStorage(path.resolve("manifest"));
  }

  /** Copies the files of a checkpoint of the leaves; returns their bytes, once they are durable. */
  public long copyLeaves(Path checkpoint, Progress progress) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(checkpoint)) {
      files = all.sorted().toList();
    }
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    long copied = 0;
    for (Path file : files) {
      progress.report("copying", copied >> 10, total >> 10);
      Path to = Files.copy(file, leaves().resolve(file.getFileName()));
      try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
        channel.force(true);
        copied += channel.size();
      }
    }
    DurableFiles.syncDirectory(leaves());
    progress.report("copying", total >> 10, total >> 10);
    return copied;
  }

  /** Completes the backup. */
  public void writeHeader(byte[] header) throws IOException {
    DurableFiles.replace(path.resolve("STORE"), header);
  }
}
