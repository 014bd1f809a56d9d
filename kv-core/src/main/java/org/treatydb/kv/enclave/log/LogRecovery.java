package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.Defences;

/**
 * Reads a log after a restart, exactly up to what the trusted counter has confirmed. Every batch up to there must open,
 * follow the one before without a gap, and lead to the confirmed digest: else the log was changed or rolled back. The end that
 * the counter keeps is read from there. What lies beyond was promised to nobody, may be torn by the crash, is not looked at, and
 * is cut off by {@link #cutTail}.
 *
 * <p>Not thread-safe; used once.
 */
public final class LogRecovery {

  /** Sees the stable records, in order. */
  public interface RecordVisitor {
    void record(long counter, ByteReader record);

    /** The records up to {@code head}, where a batch ends, have been seen. */
    default void batchEnd(LogHead head) {}
  }

  private final LogIdentity identity;
  private final SealedLogStorage storage;
  private final LogHead stable;
  private final LogTail tail;

  /** What the log must lead through. */
  private Optional<LogHead> through = Optional.empty();
  /** All records from this one on must be there. */
  private long neededFrom = Long.MAX_VALUE;
  private LogHead first;
  private LogHead reached;
  private boolean ledThrough;
  /** Segment id → counter of the log's head before that segment. */
  private final TreeMap<Long, Long> segmentsRead = new TreeMap<>();
  /** Segment id → its length up to the last stable batch, for segments that are longer. */
  private final TreeMap<Long, Long> tooLong = new TreeMap<>();
  private LogTail tailToWrite = LogTail.NONE;

  /** The recovery of a log of whose end the counter keeps nothing. */
  public LogRecovery(LogIdentity identity, SealedLogStorage storage, LogHead stable) {
    this(identity, storage, stable, LogTail.NONE);
  }

  /**
   * The recovery of a log.
   *
   * @param stable the head that the counter has confirmed
   * @param tail what it keeps of the end of the log
   */
  public LogRecovery(LogIdentity identity, SealedLogStorage storage, LogHead stable, LogTail tail) {
    this.identity = identity;
    this.storage = storage;
    this.stable = stable;
    this.tail = tail;
  }

  /**
   * Reads every stable record that is still on disk, of a log that must lead through {@code head}: the records from
   * {@code from} on must all be there, earlier ones may have been dropped.
   *
   * @param head where somebody who is believed knows the log to have been, at or below the stable head
   * @throws KvException.IntegrityViolation as {@link #read}, and if this is a log of another history
   * @throws KvException.Unavailable if the files cannot be read
   */
  public void readThrough(LogHead head, long from, RecordVisitor visitor) {
    through = Optional.of(head);
    neededFrom = Math.min(from, head.counter() + 1);
    read(visitor);
  }

  /**
   * As {@link #read}, of a log whose newest record is never dropped, so that its reader learns from it which others must be there.
   */
  public void readToNewest(RecordVisitor visitor) {
    if (stable.counter() > 0) {
      neededFrom = stable.counter();
    }
    read(visitor);
  }

  /**
   * Reads every stable record that is still on disk.
   *
   * @throws KvException.IntegrityViolation if stable records are missing, changed or older than the counter says
   * @throws KvException.Unavailable if the files cannot be read
   */
  public void read(RecordVisitor visitor) {
    if (stable.counter() == 0) {
      first = identity.genesis();
      reach(first);
    } else {
      readSegments(visitor);
    }
    if (reached == null || first.counter() >= neededFrom) {
      throw rolledBack("records are missing at its beginning", 0);
    }
    if (reached.counter() < stable.counter()) {
      throw rolledBack("it ends too early", reached.counter());
    }
    if (!reached.equals(stable) && identity.keys().defences().isOn(Defences.Defence.LOG_DIGEST)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the " + identity.log() + " at record " + stable.counter() + " is not the one the trusted counter confirmed",
          null);
    }
    if (!ledThrough && through.isPresent()) {
      requireThrough(false);
    }
  }

  /** Notes that the log has come to {@code head}. */
  private void reach(LogHead head) {
    reached = head;
    if (through.isPresent() && through.get().counter() == head.counter()) {
      ledThrough = true;
      requireThrough(through.get().equals(head));
    }
  }

  private void requireThrough(boolean holds) {
    if (!holds && identity.keys().defences().isOn(Defences.Defence.WAL_HEAD)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the " + identity.log() + " at record " + through.get().counter() + " is not the one that the MANIFEST goes with: "
              + "it was changed, or is that of another copy of the store", null);
    }
  }

  private void readSegments(RecordVisitor visitor) {
    try {
      for (long segment : storage.segments()) {
        if (reached != null && reached.counter() >= stable.counter()) {
          break;
        }
        readSegment(segment, visitor);
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the " + identity.log(), e);
    }
  }

  private void readSegment(long segment, RecordVisitor visitor) throws IOException {
    try (SegmentReader file = new SegmentReader(storage, segment, tail)) {
      SegmentHeader header = header(file).orElseThrow(() -> changed(segment, 0, "its header is damaged"));
      LogHead before = header.before();
      if (reached != null && !before.equals(reached)) {
        throw changed(segment, 0, "it does not follow the segment before it");
      }
      if (reached == null) {
        first = before;
      }
      reach(before);
      segmentsRead.put(segment, before.counter());
      long end = readBatches(segment, file, header, visitor);
      if (file.endsInTail()) {
        tailToWrite = tail;
      } else if (end < file.size()) {
        tooLong.put(segment, end);
      }
    }
  }

  /** Returns the position behind the last stable batch. */
  private long readBatches(long segment, SegmentReader file, SegmentHeader header, RecordVisitor visitor) throws IOException {
    BatchCodec codec =
        new BatchCodec(identity.store(), identity.log(), header.epoch(), identity.keys().log(identity.log(), header.salt()));
    long position = SegmentHeader.BYTES;
    while (reached.counter() < stable.counter()) {
      byte[] bytes = readBatch(segment, file, position);
      if (bytes.length == 0) {
        return position;
      }
      BatchCodec.Header batch = BatchCodec.header(bytes).orElseThrow();
      List<ByteReader> records = open(segment, codec, batch, bytes);
      long counter = batch.firstCounter();
      for (ByteReader record : records) {
        visit(visitor, counter++, record);
      }
      reach(new LogHead(counter - 1, BatchCodec.digest(reached.digest(), bytes)));
      visitor.batchEnd(reached);
      position += bytes.length;
    }
    return position;
  }

  private List<ByteReader> open(long segment, BatchCodec codec, BatchCodec.Header header, byte[] bytes) {
    try {
      return codec.open(reached, header, bytes).orElseThrow(() -> changed(segment, reached.counter() + 1, "a batch does not open"));
    } catch (MalformedBytesException e) {
      throw changed(segment, reached.counter() + 1, "a batch is malformed");
    }
  }

  /** The batch at {@code position}; no bytes if the segment ends there. */
  private byte[] readBatch(long segment, SegmentReader file, long position) throws IOException {
    byte[] start = file.read(position, BatchCodec.HEADER_BYTES);
    if (start.length == 0 || start[0] == 0 && file.endsAt(position)) {
      return new byte[0];
    }
    if (start.length < BatchCodec.HEADER_BYTES) {
      throw rolledBack("segment " + segment + " is truncated", reached.counter());
    }
    BatchCodec.Header header =
        BatchCodec.header(start).orElseThrow(() -> changed(segment, reached.counter() + 1, "a batch header is damaged"));
    byte[] batch = file.read(position, BatchCodec.HEADER_BYTES + header.sealedBytes());
    if (batch.length < BatchCodec.HEADER_BYTES + header.sealedBytes()) {
      throw rolledBack("segment " + segment + " is truncated or a batch header is damaged", reached.counter());
    }
    return batch;
  }

  private void visit(RecordVisitor visitor, long counter, ByteReader record) {
    try {
      visitor.record(counter, record);
    } catch (MalformedBytesException e) {
      throw new KvException.IntegrityViolation(
          ErrorCode.INTEGRITY_VIOLATION, "record " + counter + " of the " + identity.log() + " is malformed", e);
    }
  }

  private Optional<SegmentHeader> header(SegmentReader file) throws IOException {
    if (file.size() < SegmentHeader.BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(SegmentHeader.decode(file.read(0, SegmentHeader.BYTES), identity.log(), identity.store()));
    } catch (MalformedBytesException e) {
      return Optional.empty();
    }
  }

  /**
   * Cuts off what was never confirmed, and zeros at the end of segments, and writes the end that the counter keeps: to be called
   * once the new boot epoch is bound.
   *
   * @return the id that the next segment gets
   */
  long cutTail() {
    try {
      long lastRead = segmentsRead.isEmpty() ? 0 : segmentsRead.lastKey();
      for (long segment : storage.segments()) {
        if (segment > lastRead) {
          storage.delete(segment);
        }
      }
      for (Map.Entry<Long, Long> each : tooLong.entrySet()) {
        try (SealedLogFile file = storage.open(each.getKey())) {
          file.truncate(each.getValue());
        }
      }
      if (!tailToWrite.isEmpty()) {
        try (SealedLogFile file = storage.open(tailToWrite.segment())) {
          file.truncate(tailToWrite.position());
          file.append(ByteBuffer.wrap(tailToWrite.bytes()));
          file.sync();
        }
      }
      return lastRead + 1;
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot cut the tail of the " + identity.log(), e);
    }
  }

  SortedMap<Long, Long> segmentsRead() {
    return segmentsRead;
  }

  LogIdentity identity() {
    return identity;
  }

  SealedLogStorage storage() {
    return storage;
  }

  /** The head that the trusted counter has confirmed. */
  public LogHead stable() {
    return stable;
  }

  private KvException rolledBack(String how, long found) {
    return new KvException.IntegrityViolation(
        ErrorCode.ROLLBACK_DETECTED,
        "the %s was rolled back or cut: the trusted counter has confirmed record %d, the disk holds %d (%s)"
            .formatted(identity.log(), stable.counter(), found, how),
        null);
  }

  private KvException changed(long segment, long counter, String how) {
    return new KvException.IntegrityViolation(
        "the %s was changed: segment %d, record %d: %s".formatted(identity.log(), segment, counter, how));
  }
}
