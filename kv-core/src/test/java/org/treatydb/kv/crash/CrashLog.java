package org.treatydb.kv.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * One log's segments on a disk that knows what of them is synced. As on a file system, syncing the
 * names in the directory, after a delete and with a new segment's first sync, makes all of them durable. Zeros are
 * written ahead of what is appended, and cut off when a segment is closed, which no sync makes durable.
 */
public final class CrashLog {

  /** Longer than most batches of these tests, shorter than a segment. */
  private static final int AHEAD_BYTES = 700;

  private static final int SECTOR_BYTES = 512;

  /**
   * How far a segment goes.
   *
   * @param end of what was appended
   * @param length of the file, with the zeros behind that
   */
  private record Extent(int end, int length) {}

  private static final class Segment {
    /** Zeros behind the extent's end. */
    private byte[] bytes = new byte[1024];
    private Extent present = new Extent(0, 0);
    private Extent synced = present;
    private Extent atLastSync = present;
    private boolean named;
    /** The segment's salt; null if it was put there from an image. */
    private String salt;

    void append(ByteBuffer source) {
      int length = source.remaining();
      int end = present.end + length;
      if (bytes.length < end + AHEAD_BYTES) {
        bytes = Arrays.copyOf(bytes, 2 * (end + AHEAD_BYTES));
      }
      source.get(bytes, present.end, length);
      present = new Extent(end, end > present.length ? end + AHEAD_BYTES : present.length);
    }

    /** The segment as one finds it when one opens it. */
    void settle(int length) {
      Arrays.fill(bytes, length, bytes.length, (byte) 0);
      present = new Extent(length, length);
      synced = present;
      atLastSync = present;
    }
  }

  private record NameChange(long id, Segment segment, boolean created) {
    void applyTo(TreeMap<Long, Segment> names) {
      if (created) {
        names.put(id, segment);
      } else {
        names.remove(id);
      }
    }
  }

  private final LogName log;
  private final SeenNonces seen;
  private final boolean syncsLate;
  private final boolean deletesLate;
  private TreeMap<Long, Segment> names = new TreeMap<>();
  private final TreeMap<Long, Segment> syncedNames = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();

  /** {@code seen}: is told of everything that is written, kept or not. */
  public CrashLog(Weakness weakness, LogName log, SeenNonces seen) {
    this.log = log;
    this.seen = seen;
    this.syncsLate = weakness == Weakness.SEGMENTS_ARE_SYNCED_ONE_SYNC_LATE;
    this.deletesLate = weakness == Weakness.DELETES_ARE_NOT_SYNCED;
  }

  /** The log as the engine sees it during one boot. */
  public SealedLogStorage on(Machine machine) {
    return new Storage(machine);
  }

  /** The power is gone: reduces the log to what stays. */
  public void crash(Survival survival) {
    for (NameChange each : changes) {
      if (survival.keeps()) {
        each.applyTo(syncedNames);
      }
    }
    changes.clear();
    syncedNames.values().forEach(segment -> crash(segment, survival));
    names = new TreeMap<>(syncedNames);
  }

  /** What there is, by segment; nobody writes. */
  public TreeMap<Long, byte[]> image() {
    TreeMap<Long, byte[]> image = new TreeMap<>();
    names.forEach((id, segment) -> image.put(id, Arrays.copyOf(segment.bytes, segment.present.length)));
    return image;
  }

  /** Puts an image in place of all there is, durably. */
  public void restore(Map<Long, byte[]> image) {
    names.clear();
    syncedNames.clear();
    changes.clear();
    image.forEach((id, bytes) -> {
      Segment segment = new Segment();
      segment.bytes = Arrays.copyOf(bytes, bytes.length + AHEAD_BYTES);
      segment.settle(bytes.length);
      segment.named = true;
      names.put(id, segment);
      syncedNames.put(id, segment);
    });
  }

  /** Of what is not synced the length may have reached the disk, or any sector. */
  private static void crash(Segment segment, Survival survival) {
    Extent present = segment.present;
    int synced = segment.synced.length;
    int length = present.length < synced
        ? survival.keeps() ? present.length : synced
        : synced + survival.prefix(present.length - synced);
    int at = segment.synced.end;
    while (at < present.end) {
      int next = at + SECTOR_BYTES - at % SECTOR_BYTES;
      if (!survival.keeps()) {
        Arrays.fill(segment.bytes, at, Math.min(next, present.end), (byte) 0);
      }
      at = next;
    }
    segment.settle(length);
    segment.named = true;
  }

  private void change(NameChange change) {
    change.applyTo(names);
    changes.add(change);
  }

  private void sync(Segment segment) {
    segment.synced = syncsLate ? segment.atLastSync : segment.present;
    segment.atLastSync = segment.present;
    if (!segment.named) {
      segment.named = true;
      syncNames();
    }
  }

  private void syncNames() {
    changes.forEach(each -> each.applyTo(syncedNames));
    changes.clear();
  }

  private final class Storage implements SealedLogStorage {

    private final Machine machine;

    Storage(Machine machine) {
      this.machine = machine;
    }

    @Override
    public List<Long> segments() throws IOException {
      return machine.read(() -> List.copyOf(names.keySet()));
    }

    @Override
    public SealedLogFile create(long segment) throws IOException {
      Segment created = new Segment();
      machine.effect(Effect.CREATE_SEGMENT, () -> {
        if (names.containsKey(segment)) {
          throw new IOException("segment " + segment + " exists");
        }
        change(new NameChange(segment, created, true));
        return created;
      });
      return new LogFile(machine, created);
    }

    @Override
    public SealedLogFile open(long segment) throws IOException {
      Segment found = machine.read(() -> names.get(segment));
      if (found == null) {
        throw new IOException("no segment " + segment);
      }
      return new LogFile(machine, found);
    }

    @Override
    public void delete(long segment) throws IOException {
      machine.effect(Effect.DELETE_SEGMENT, () -> {
        change(new NameChange(segment, names.get(segment), false));
        if (!deletesLate) {
          syncNames();
        }
        return null;
      });
    }
  }

  private final class LogFile implements SealedLogFile {

    private final Machine machine;
    private final Segment segment;

    LogFile(Machine machine, Segment segment) {
      this.machine = machine;
      this.segment = segment;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      if (segment.present.end == 0) {
        segment.salt = seen.noteSegment(log + " " + written.incrementAndGet(), bytes.array());
      } else if (segment.salt != null) {
        seen.noteBatches(segment.salt, bytes.duplicate());
      }
      machine.effect(Effect.APPEND, () -> {
        segment.append(bytes);
        return null;
      });
    }

    @Override
    public void sync() throws IOException {
      machine.effect(Effect.SYNC_SEGMENT, () -> {
        CrashLog.this.sync(segment);
        return null;
      });
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      machine.read(() ->
          target.put(segment.bytes, (int) position, Math.min(target.remaining(), segment.present.length - (int) position)));
    }

    @Override
    public long size() throws IOException {
      return machine.read(() -> segment.present.end);
    }

    @Override
    public void truncate(long size) throws IOException {
      machine.effect(Effect.TRUNCATE, () -> {
        segment.settle((int) size);
        return null;
      });
    }

    @Override
    public void close() {
      if (!machine.isOff()) {
        segment.present = new Extent(segment.present.end, segment.present.end);
      }
    }
  }
}
