package org.treatydb.kv.crash.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file of a {@link CrashingDisk}. Only what the store uses is there. */
final class CrashingChannel extends FileChannel {

  private final CrashingDisk disk;
  private final Path path;
  private final FileChannel real;
  /** Null for a file that was not made on this disk, and for a directory. */
  private final DiskImage.Node node;

  CrashingChannel(CrashingDisk disk, Path path, FileChannel real, DiskImage.Node node) {
    this.disk = disk;
    this.path = path;
    this.real = real;
    this.node = node;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return disk.read(() -> real.read(target));
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    return disk.read(() -> real.read(target, at));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = write(source, real.position());
    real.position(real.position() + written);
    return written;
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    Integer written = disk.effect("write " + path, () -> {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      if (node != null) {
        node.write(at, bytes);
      }
      return real.write(ByteBuffer.wrap(bytes), at);
    });
    return written;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    disk.effect("truncate " + path, () -> {
      if (node != null) {
        node.truncate(size);
      }
      return real.truncate(size);
    });
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    disk.sync(path, node);
  }

  @Override
  public long position() throws IOException {
    return disk.read(real::position);
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    disk.read(() -> real.position(newPosition));
    return this;
  }

  @Override
  public long size() throws IOException {
    return disk.read(real::size);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return disk.read(() -> real.tryLock(position, size, shared));
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return disk.read(() -> real.lock(position, size, shared));
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }
}
