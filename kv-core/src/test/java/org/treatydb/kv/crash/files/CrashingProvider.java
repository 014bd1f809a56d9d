package org.treatydb.kv.crash.files;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What is done with the paths of a {@link CrashingDisk}. Only what the store uses is there. */
final class CrashingProvider extends FileSystemProvider {

  private final CrashingDisk disk;
  private final CrashingFileSystem fileSystem;

  CrashingProvider(CrashingDisk disk, CrashingFileSystem fileSystem) {
    this.disk = disk;
    this.fileSystem = fileSystem;
  }

  private static Path real(Path path) {
    return CrashingPath.unwrap(path);
  }

  @Override
  public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
    Path file = real(path);
    boolean creates = options.contains(StandardOpenOption.CREATE_NEW)
        || options.contains(StandardOpenOption.CREATE) && !Files.exists(file);
    FileChannel channel = creates
        ? disk.effect("create " + file, () -> {
          FileChannel created = FileChannel.open(file, options, attributes);
          disk.image().create(file, new DiskImage.Node(false));
          return created;
        })
        : disk.read(() -> FileChannel.open(file, options, attributes));
    return new CrashingChannel(disk, file, channel, Files.isDirectory(file) ? null : disk.image().node(file));
  }

  @Override
  public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    try (Stream<Path> files = disk.read(() -> Files.list(real(directory)))) {
      Iterator<Path> found = files.<Path>map(fileSystem::of).toList().iterator();
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return found;
        }

        @Override
        public void close() {
          // Nothing to give back.
        }
      };
    }
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    Path path = real(directory);
    disk.effect("create " + path, () -> {
      Files.createDirectory(path, attributes);
      disk.image().create(path, new DiskImage.Node(true));
      return null;
    });
  }

  @Override
  public void delete(Path path) throws IOException {
    Path file = real(path);
    disk.effect("delete " + file, () -> {
      Files.delete(file);
      disk.image().delete(file);
      return null;
    });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    byte[] bytes = disk.read(() -> Files.readAllBytes(real(source)));
    Files.write(target, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path from = real(source);
    Path to = real(target);
    disk.effect("move " + from + " to " + to, () -> {
      Files.move(from, to, options);
      disk.image().move(from, to);
      return null;
    });
  }

  // What a file is can be asked without power, too: without it, code that looks for a directory would go up past the root.

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real(path).getFileSystem().provider().checkAccess(real(path), modes);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options) throws IOException {
    return Files.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
    return Files.readAttributes(real(path), attributes, options);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(real(path), type, options);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return disk.read(() -> Files.getFileStore(real(path)));
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return disk.read(() -> Files.isSameFile(real(path), real(other)));
  }

  @Override
  public String getScheme() {
    return "crashing";
  }

  @Override
  public boolean isHidden(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }
}
