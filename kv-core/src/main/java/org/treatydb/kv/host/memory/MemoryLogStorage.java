package org.treatydb.kv.host.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/** Log segments in arrays. */
public final class MemoryLogStorage implements SealedLogStorage {

  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();

  @Override
  public List<Long> segments() {
    return List.copyOf(segments.keySet());
  }

  @Override
  public SealedLogFile create(long segment) throws IOException {
    Segment created = new Segment();
    if (segments.putIfAbsent(segment, created) != null) {
      throw new IOException("segment " + segment + " exists");
    }
    return created;
  }

  @Override
  public SealedLogFile open(long segment) throws IOException {
    Segment found = segments.get(segment);
    if (found == null) {
      throw new IOException("no segment " + segment);
    }
    return found;
  }

  @Override
  public void delete(long segment) {
    segments.remove(segment);
  }

  private static final class Segment implements SealedLogFile {

    private byte[] bytes = new byte[4096];
    private int size;

    @Override
    public void append(ByteBuffer source) {
      int length = source.remaining();
      if (bytes.length - size < length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + length));
      }
      source.get(bytes, size, length);
      size += length;
    }

    @Override
    public void sync() {
      // Memory is as durable as this host gets.
    }

    @Override
    public void read(long position, ByteBuffer target) {
      target.put(bytes, (int) position, Math.min(target.remaining(), size - (int) position));
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void truncate(long newSize) {
      size = (int) newSize;
    }

    @Override
    public void close() {
      // Nothing to give back: the segment stays until it is deleted.
    }
  }
}
