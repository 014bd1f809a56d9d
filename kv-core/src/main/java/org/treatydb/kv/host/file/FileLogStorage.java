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

/** One log's segments as files {@code 0000000001.log}, {@code 0000000002.log} … in a directory of its own. */
public final class FileLogStorage implements SealedLogStorage {

  private static final Pattern NAME = Pattern.compile("(\\d{10})\\.log");

  private static final Set<StandardOpenOption> READ = Set.of(StandardOpenOption.READ);
  private static final Set<StandardOpenOption> READ_AND_WRITE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path directory;
  private final Set<StandardOpenOption> access;

  /** Uses {@code directory}, which is created if it is not there. */
  public FileLogStorage(Path directory) throws IOException {
    this(DurableFiles.createDirectories(directory), READ_AND_WRITE);
  }

  private FileLogStorage(Path directory, Set<StandardOpenOption> access) {
    this.directory = directory;
    this.access = access;
  }

  /** The log in {@code directory}, to be read only: no file is created or opened for writing. */
  public static FileLogStorage toRead(Path directory) {
    return new FileLogStorage(directory, READ);
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
    return new LogFile(
        FileChannel.open(path(segment), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), true);
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

    LogFile(FileChannel channel, boolean created) {
      this.channel = channel;
      this.nameNotSynced = created;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      long position = channel.size();
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
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
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
