package org.treatydb.dist.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.treatydb.dist.boundary.StateFile;

/** A {@link StateFile} in a directory that is there: written beside, synced, then renamed over the old one. */
public final class ReplacedFile implements StateFile {

  private final Path path;

  public ReplacedFile(Path path) {
    this.path = path;
  }

  @Override
  public Optional<byte[]> read() throws IOException {
    return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    Path beside = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel channel = FileChannel.open(
        beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
