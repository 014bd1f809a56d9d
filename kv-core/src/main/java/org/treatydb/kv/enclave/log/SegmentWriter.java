package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;

/**
 * Writes a log's batches into segment files: one batch, one append, and one sync, unless the trusted counter keeps what is
 * not synced. Every segment draws its own salt, so each has its own key. Writes come one at a time; dropping old segments may
 * happen beside them.
 */
final class SegmentWriter implements AutoCloseable {

  private final LogIdentity identity;
  private final SealedLogStorage storage;
  private final long epoch;
  private final Entropy entropy;

  private final ReentrantLock segmentsLock = new ReentrantLock();
  /** Segment id → counter of the log's head before that segment. */
  private final TreeMap<Long, Long> segments = new TreeMap<>();

  private int pins;

  private long segment;
  private SealedLogFile file;
  private BatchCodec codec;
  private LogHead head;
  private long bytes;
  /** What was appended since the last sync. */
  private LogTail unsynced = LogTail.NONE;
  private volatile boolean rotate;

  SegmentWriter(LogRecovery recovery, long epoch, Entropy entropy) throws IOException {
    this.identity = recovery.identity();
    this.storage = recovery.storage();
    this.epoch = epoch;
    this.entropy = entropy;
    this.head = recovery.stable();
    this.segment = recovery.cutTail() - 1;
    segments.putAll(recovery.segmentsRead());
    begin();
  }

  LogHead head() {
    return head;
  }

  /** The end of the log in its files. */
  record Position(long segment, long bytes) {}

  /** Where the next batch goes. To be asked by the thread that writes. */
  Position position() {
    return new Position(segment, bytes);
  }

  /** Keeps the segments there are from being dropped, until {@link #unpin}; returns those up to {@code last}. */
  List<Long> pin(long last) {
    segmentsLock.lock();
    try {
      pins++;
      return List.copyOf(segments.headMap(last, true).keySet());
    } finally {
      segmentsLock.unlock();
    }
  }

  void unpin() {
    segmentsLock.lock();
    try {
      pins--;
    } finally {
      segmentsLock.unlock();
    }
  }

  SealedLogStorage storage() {
    return storage;
  }

  private void begin() throws IOException {
    segment++;
    SegmentHeader header =
        new SegmentHeader(identity.log(), identity.store(), epoch, entropy.bytes(KeySchedule.SALT_BYTES), head);
    codec = new BatchCodec(identity.store(), identity.log(), epoch, identity.keys().log(identity.log(), header.salt()));
    file = storage.create(segment);
    byte[] encoded = header.encode();
    file.append(ByteBuffer.wrap(encoded));
    file.sync();
    bytes = encoded.length;
    segmentsLock.lock();
    try {
      segments.put(segment, head.counter());
    } finally {
      segmentsLock.unlock();
    }
  }

  /**
   * Writes a batch, and syncs it unless the counter can keep all that is not synced.
   *
   * @param unsyncedBytesMax how much the counter can keep
   */
  LogHead write(int count, ByteWriter records, long segmentBytesMax, int unsyncedBytesMax) throws IOException {
    if (rotate || bytes >= segmentBytesMax) {
      rotate = false;
      sync();
      file.close();
      begin();
    }
    BatchCodec.Encoded batch = codec.encode(head, count, records);
    file.append(ByteBuffer.wrap(batch.bytes()));
    if (unsynced.bytes().length + batch.bytes().length > unsyncedBytesMax) {
      file.sync();
      unsynced = LogTail.NONE;
    } else {
      unsynced = unsynced.isEmpty() ? new LogTail(segment, bytes, batch.bytes()) : longer(unsynced, batch.bytes());
    }
    bytes += batch.bytes().length;
    head = batch.head();
    return head;
  }

  private static LogTail longer(LogTail tail, byte[] batch) {
    byte[] all = Arrays.copyOf(tail.bytes(), tail.bytes().length + batch.length);
    System.arraycopy(batch, 0, all, tail.bytes().length, batch.length);
    return new LogTail(tail.segment(), tail.position(), all);
  }

  /** Syncs what is not synced. To be called by the thread that writes. */
  void sync() throws IOException {
    if (!unsynced.isEmpty()) {
      file.sync();
      unsynced = LogTail.NONE;
    }
  }

  /** What the counter must keep of the log, up to {@link #head}. To be asked by the thread that writes. */
  LogTail unsynced() {
    return unsynced;
  }

  void rotateBeforeNext() {
    rotate = true;
  }

  /**
   * Deletes each segment behind which another begins at or below {@code counterValue - 1}. While segments are pinned none
   * is deleted; the next call does it.
   */
  void dropBefore(long counterValue) throws IOException {
    segmentsLock.lock();
    try {
      while (segments.size() > 1 && pins == 0) {
        Map.Entry<Long, Long> next = segments.higherEntry(segments.firstKey());
        if (next.getValue() >= counterValue) {
          return;
        }
        storage.delete(segments.firstKey());
        segments.pollFirstEntry();
      }
    } finally {
      segmentsLock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
