package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * One log's segments as files {@code 0000000001.log}, {@code 0000000002.log} … in a directory of its own.
 *
 * <p>A log that is synced after every small append can be {@linkplain #writingAhead written ahead}: zeros are written
 * behind an append, and the next ones overwrite them, so that their sync need not wait for the file system to note a new
 * length. Closing a segment cuts off what zeros are left; a crash leaves them.
 */
public final class FileLogStorage implements SealedLogStorage {

  private static final Pattern NAME = Pattern.compile("(\\d{10})\\.log");

  private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);
  private static final Set<StandardOpenOption> READ_AND_WRITE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** Zeros written ahead at once, in bytes: as many as the file has, within these bounds. */
  static final int AHEAD_BYTES_MIN = 16 << 10;

  static final int AHEAD_BYTES_MAX = 512 << 10;

  /** Behind a longer append no zeros are written: to write so much again would cost more than the sync gains. */
  static final int APPEND_BYTES_MAX = 16 << 10;

  private static final int PAGE_BYTES = 4 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE_BYTES).asReadOnlyBuffer();

  private final Path directory;
  private final Set<StandardOpenOption> access;
  private final boolean ahead;

  /** Uses {@code directory}, which is created if it is not there. */
  public FileLogStorage(Path directory) throws IOException {
    this(DurableFiles.createDirectories(directory), READ_AND_WRITE, false);
  }

  private FileLogStorage(Path directory, Set<StandardOpenOption> access, boolean ahead) {
    this.directory = directory;
    this.access = access;
    this.ahead = ahead;
  }

  /** The log in {@code directory}, which is created if it is not there, for many small appends. */
  public static FileLogStorage writingAhead(Path directory) throws IOException {
    return new FileLogStorage(DurableFiles.createDirectories(directory), READ_AND_WRITE, true);
  }

  /** The log in {@code directory}, to be read only: no file is created or opened for writing. */
  public static FileLogStorage toRead(Path directory) {
    return new FileLogStorage(directory, READ, false);
  }

  @Override
  public List<Long> segments() throws IOException {
    if (access == READ && !Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Long.valueOf(name.group(1)))
          .sorted()
          .toList();
    }
  }

  private Path path(long segment) {
    return directory.resolve("%010d.log".formatted(segment));
  }

  @Override
  public SealedLogFile create(long segment) throws IOException {
    FileChannel channel =
        FileChannel.open(path(segment), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new LogFile(channel, true);
  }

  @Override
  public SealedLogFile open(long segment) throws IOException {
    return new LogFile(FileChannel.open(path(segment), access), false);
  }

  @Override
  public void delete(long segment) throws IOException {
    if (Files.deleteIfExists(path(segment))) {
      DurableFiles.syncDirectory(directory);
    }
  }

  private final class LogFile implements SealedLogFile {

    private final FileChannel channel;
    private boolean nameNotSynced;
    /** Where the next append goes. */
    private long end;
    /** Where the file ends, with the zeros behind the last append. */
    private long length;

    LogFile(FileChannel channel, boolean created) throws IOException {
      this.channel = channel;
      this.nameNotSynced = created;
      this.length = channel.size();
      this.end = length;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      int appended = bytes.remaining();
      write(bytes, end);
      end += appended;
      if (end > length) {
        length = end;
        if (ahead && appended <= APPEND_BYTES_MAX) {
          int zeros = Math.clamp(end, AHEAD_BYTES_MIN, AHEAD_BYTES_MAX);
          writeZeros(zeros);
          length = end + zeros;
        }
      }
    }

    /** Page by page: what is written at once the kernel caches as one piece, of which an append then seems to change all. */
    private void writeZeros(int count) throws IOException {
      int written = Math.floorMod(-end, PAGE_BYTES);
      write(ZEROS.slice(0, Math.min(written, count)), end);
      for (; written < count; written += PAGE_BYTES) {
        write(ZEROS.slice(0, Math.min(PAGE_BYTES, count - written)), end + written);
      }
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
      if (nameNotSynced) {
        DurableFiles.syncDirectory(directory);
        nameNotSynced = false;
      }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          return;
        }
        at += read;
      }
    }

    @Override
    public long size() {
      return end;
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
      channel.force(true);
      length = size;
      end = size;
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        if (length > end) {
          channel.truncate(end);
        }
      }
    }
  }
}
