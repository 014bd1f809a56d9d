package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that this process has opened for itself alone.
 *
 * <p>Locks of POSIX systems belong to the process and vanish with the first descriptor of that file it closes, whichever
 * that is. So a second claim within one process must be refused before the file is opened: opening, failing to lock and
 * closing it would free the first claim for other processes.
 */
final class FileClaim implements AutoCloseable {

  private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

  private final Path real;
  private final FileChannel channel;

  private FileClaim(Path real, FileChannel channel) {
    this.real = real;
    this.channel = channel;
  }

  /** Opens {@code file}, creates it if it is not there, and locks it; empty if it is locked already. */
  static Optional<FileClaim> claim(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent().toRealPath();
    Path real = Files.exists(file) ? file.toRealPath() : parent.resolve(file.getFileName());
    if (!CLAIMED.add(real)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      return locked ? Optional.of(new FileClaim(real, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        CLAIMED.remove(real);
      }
    }
  }

  /**
   * Opens {@code file}, which must be there, to read it, and locks it against those who want it for themselves; empty if
   * it is locked already. Changes nothing.
   */
  static Optional<FileClaim> claimToRead(Path file) throws IOException {
    Path real = file.toRealPath();
    if (!CLAIMED.add(real)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(real, StandardOpenOption.READ);
      locked = channel.tryLock(0, Long.MAX_VALUE, true) != null;
      return locked ? Optional.of(new FileClaim(real, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        CLAIMED.remove(real);
      }
    }
  }

  FileChannel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      CLAIMED.remove(real);
    }
  }
}
