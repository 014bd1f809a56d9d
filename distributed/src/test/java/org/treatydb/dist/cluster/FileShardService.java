package org.treatydb.dist.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMapCodec;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** The shard map that counts, in a file that several processes share, and can be killed at. Thread-safe. */
final class FileShardService implements ShardMaps {

  /** So long a node goes without news. */
  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Path file;
  private final KillSwitch steps;
  /** A file's lock is between processes only. */
  private final ReentrantLock lock = new ReentrantLock();
  private volatile ShardMap known;
  private volatile long askedNanos = System.nanoTime();

  FileShardService(Path directory, KillSwitch steps) {
    this.file = directory.resolve("shard-map");
    this.steps = steps;
    this.known = read();
  }

  /** Makes the file. */
  static void create(Path directory, ShardMap first) throws IOException {
    Files.write(directory.resolve("shard-map"), encoded(first));
  }

  private static byte[] encoded(ShardMap map) {
    ByteWriter out = new ByteWriter(256);
    ShardMapCodec.encode(map, out);
    return out.toByteArray();
  }

  private ShardMap read() {
    try {
      return ShardMapCodec.decode(new ByteReader(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ShardMap get() {
    if (System.nanoTime() - askedNanos > NEWS_NANOS) {
      newest();
    }
    return known;
  }

  @Override
  public void learn(ShardMap map) {
    lock.lock();
    try {
      known = map.version() > known.version() ? map : known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ShardMap newest() {
    learn(read());
    askedNanos = System.nanoTime();
    return known;
  }

  @Override
  public boolean publish(ShardMap next) {
    steps.reach("before-publishing");
    lock.lock();
    try (FileChannel locked = FileChannel.open(
        file.resolveSibling("shard-map-lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      locked.lock();
      ShardMap present = read();
      boolean replaced = next.version() == present.version() + 1;
      if (replaced) {
        Path written = file.resolveSibling("shard-map-next");
        Files.write(written, encoded(next));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      learn(replaced ? next : present);
      steps.reach("after-publishing");
      return replaced;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
