package org.treatydb.kv.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;

/**
 * One log's segments on a disk that knows what of them is synced. As on a file system, syncing the
 * names in the directory, after a delete and with a new segment's first sync, makes all of them durable.
 */
final class CrashLog {

  private static final class Segment {
    private byte[] bytes = new byte[1024];
    private int size;
    private int syncedSize;
    private int sizeAtLastSync;
    private boolean named;
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

  private final boolean syncsLate;
  private final boolean deletesLate;
  private TreeMap<Long, Segment> names = new TreeMap<>();
  private final TreeMap<Long, Segment> syncedNames = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();

  CrashLog(Weakness weakness) {
    this.syncsLate = weakness == Weakness.SEGMENTS_ARE_SYNCED_ONE_SYNC_LATE;
    this.deletesLate = weakness == Weakness.DELETES_ARE_NOT_SYNCED;
  }

  /** The log as the engine sees it during one boot. */
  SealedLogStorage on(Machine machine) {
    return new Storage(machine);
  }

  /** The power is gone: reduces the log to what stays. */
  void crash(Survival survival) {
    for (NameChange each : changes) {
      if (survival.keeps()) {
        each.applyTo(syncedNames);
      }
    }
    changes.clear();
    syncedNames.values().forEach(segment -> crash(segment, survival));
    names = new TreeMap<>(syncedNames);
  }

  /** The length of a file can reach the disk before its bytes: then there are zeros. */
  private static void crash(Segment segment, Survival survival) {
    int kept = segment.syncedSize + survival.prefix(segment.size - segment.syncedSize);
    if (survival.keeps()) {
      Arrays.fill(segment.bytes, kept, segment.size, (byte) 0);
    } else {
      segment.size = kept;
    }
    segment.syncedSize = segment.size;
    segment.sizeAtLastSync = segment.size;
    segment.named = true;
  }

  private void change(NameChange change) {
    change.applyTo(names);
    changes.add(change);
  }

  private void sync(Segment segment) {
    segment.syncedSize = syncsLate ? segment.sizeAtLastSync : segment.size;
    segment.sizeAtLastSync = segment.size;
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
      machine.effect(Effect.APPEND, () -> {
        int length = bytes.remaining();
        if (segment.bytes.length - segment.size < length) {
          segment.bytes = Arrays.copyOf(segment.bytes, 2 * (segment.size + length));
        }
        bytes.get(segment.bytes, segment.size, length);
        segment.size += length;
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
      machine.read(() -> target.put(segment.bytes, (int) position, Math.min(target.remaining(), segment.size - (int) position)));
    }

    @Override
    public long size() throws IOException {
      return machine.read(() -> segment.size);
    }

    @Override
    public void truncate(long size) throws IOException {
      machine.effect(Effect.TRUNCATE, () -> {
        segment.size = (int) size;
        segment.syncedSize = segment.size;
        segment.sizeAtLastSync = segment.size;
        return null;
      });
    }

    @Override
    public void close() {
      // Nothing to give back, with or without power.
    }
  }
}
