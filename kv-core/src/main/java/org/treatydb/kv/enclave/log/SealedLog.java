package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * A log one can append to. {@link #append} gives a record its counter value; {@link #awaitStable} returns once it is
 * synced and confirmed by the trusted counter.
 *
 * <p>Group commit: there is no thread of its own. Whoever waits first writes for all that has been appended, and
 * whoever finds written batches unconfirmed confirms them all in one counter round, while the next batch is being
 * written: first the sync, then the round, since a counter ahead of the disk would look like a rollback after a crash. Where the
 * counter keeps the end of the log, the sync is put off until there is more than it can keep.
 *
 * <p>Stable records are handed to the {@link StableListener} in log order, before anyone who waits for them returns.
 *
 * <p>After a failed write, sync or confirmation the log is broken: nothing more is appended, every waiter gets the
 * failure. Thread-safe.
 */
public final class SealedLog<R> implements AutoCloseable {

  /** Sees records once they are stable, in order, a batch at a time, one call at a time. */
  public interface StableListener<R> {

    /** A batch is stable, behind which the log stands at {@code head}. */
    void stable(List<R> records, LogHead head);
  }

  /** The longest record accepted: recovery reads back whatever was written. */
  static final int RECORD_BYTES_MAX = 96 << 20;

  /**
   * How a log cuts its files, and how much it holds in memory.
   *
   * @param segmentBytesMax bytes after which a segment is followed by the next
   * @param batchBytesTarget bytes after which a batch takes no further record
   * @param unstableBytesMax bytes of records that may have been appended and not yet be stable; a longer record may be so alone
   */
  public record Limits(long segmentBytesMax, int batchBytesTarget, long unstableBytesMax) {

    private static final int BATCH_BYTES_TARGET_MAX = 16 << 20;

    public static final Limits DEFAULT = new Limits(16 << 20, 1 << 20, 32 << 20);

    public Limits {
      if (batchBytesTarget < 0 || batchBytesTarget > BATCH_BYTES_TARGET_MAX) {
        throw new IllegalArgumentException("batches of " + batchBytesTarget + " bytes; at most " + BATCH_BYTES_TARGET_MAX);
      }
    }

    public Limits withUnstableBytesMax(long bytesMax) {
      return new Limits(segmentBytesMax, batchBytesTarget, bytesMax);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(SealedLog.class);

  private record Pending<R>(R record, byte[] encoded) {}

  private record Unconfirmed<R>(LogHead head, List<R> records, long bytes, SegmentWriter.Position end, LogTail unsynced) {}

  private final LogName name;
  private final TrustedCounter counter;
  private final long epoch;
  private final RecordCodec<R> codec;
  private final StableListener<R> listener;
  private final SegmentWriter writer;
  private final Limits limits;

  private final ReentrantLock lock = new ReentrantLock();
  private final LogWaiters waiters = new LogWaiters();
  private List<Pending<R>> pending = new ArrayList<>();
  private long pendingBytes;
  private List<Unconfirmed<R>> unconfirmed = new ArrayList<>();
  private long unstableBytes;
  private long appended;
  /** What is in a batch, synced or to be kept by the counter. */
  private long written;
  private volatile long stable;
  /** What the counter has confirmed last; while {@link #listener} is being told, more than is {@link #stable}. */
  private LogHead confirmedHead;
  private SegmentWriter.Position confirmedEnd;
  private boolean writing;
  private boolean confirming;
  private RuntimeException failure;
  private boolean closed;

  /**
   * Goes on with a log that {@code recovery} has read: cuts its tail and begins a new segment.
   *
   * @param epoch the boot epoch just bound
   */
  public SealedLog(
      LogRecovery recovery, TrustedCounter counter, long epoch, Entropy entropy,
      RecordCodec<R> codec, StableListener<R> listener, Limits limits) {
    this.name = recovery.identity().log();
    this.counter = counter;
    this.epoch = epoch;
    this.codec = codec;
    this.listener = listener;
    this.limits = limits;
    this.appended = recovery.stable().counter();
    this.written = appended;
    this.stable = appended;
    try {
      this.writer = new SegmentWriter(recovery, epoch, entropy);
      this.confirmedHead = recovery.stable();
      this.confirmedEnd = writer.position();
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot begin a segment of the " + name, e);
    }
  }

  /** How many records have been appended and are not stable. */
  public long unstable() {
    lock.lock();
    try {
      return appended - stable;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a record behind all others and returns its counter value. It is written when someone waits for it. While too much
   * is not yet stable, this first waits until it is, and does itself what nobody else does for that.
   *
   * @throws KvException.Unavailable if the log is broken
   * @throws KvException.Closed if the log is closed
   * @throws KvException.InvalidRequest if the record is longer than {@value #RECORD_BYTES_MAX} bytes
   */
  public long append(R record) {
    ByteWriter out = new ByteWriter(256);
    codec.encode(record, out);
    if (out.size() > RECORD_BYTES_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED, "a record of " + out.size() + " bytes is too long for the " + name);
    }
    byte[] encoded = out.toByteArray();
    lock.lock();
    try {
      requireWorking();
      while (unstableBytes > 0 && unstableBytes + encoded.length > limits.unstableBytesMax()) {
        awaitRoom();
        requireWorking();
      }
      unstableBytes += encoded.length;
      pendingBytes += encoded.length;
      pending.add(new Pending<>(record, encoded));
      return ++appended;
    } finally {
      unlock();
    }
  }

  private void awaitRoom() {
    LogWaiters.Waiter waiter = proceed(appended, true);
    if (waiter != null) {
      unlock();
      try {
        waiter.await();
      } finally {
        lock.lock();
      }
    }
  }

  private void unlock() {
    Collection<LogWaiters.Waiter> woken = waiters.takeWoken();
    lock.unlock();
    woken.forEach(LogWaiters.Waiter::wake);
  }

  private void requireWorking() {
    if (failure != null) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "the " + name + " has failed: " + failure.getMessage(), failure);
    }
    if (closed) {
      throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the store is closed");
    }
  }

  /**
   * Returns once the record with that counter value is stable.
   *
   * @throws KvException.IntegrityViolation if another boot has fenced this one
   * @throws KvException.Unavailable if the disk or the counter failed: whether the record became stable is unknown
   */
  public void awaitStable(long counterValue) {
    while (stable < counterValue) {
      LogWaiters.Waiter waiter = null;
      lock.lock();
      try {
        if (stable < counterValue) {
          if (failure != null) {
            throw failure;
          }
          waiter = proceed(counterValue, false);
        }
      } finally {
        unlock();
      }
      if (waiter != null) {
        waiter.await();
      }
    }
  }

  /**
   * Does what is to be done next for the records up to {@code counterValue}; null then. If there is nothing, the caller has to wait until
   * another has done something.
   */
  private LogWaiters.Waiter proceed(long counterValue, boolean forRoom) {
    if (!confirming && !unconfirmed.isEmpty()) {
      confirm();
    } else if (!writing && written < counterValue && isWorthABatch()) {
      write();
    } else {
      return waiters.add(counterValue, forRoom);
    }
    return null;
  }

  /** While a round is under way, what needs no sync of its own gathers in one batch for the next. */
  private boolean isWorthABatch() {
    return !confirming || pendingBytes > counter.tailBytesMax();
  }

  /** Where the log stands, as the counter has confirmed it. */
  public LogHead confirmedHead() {
    lock.lock();
    try {
      return confirmedHead;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the counter has confirmed of the log at this moment, kept in its files until what is returned is closed. All that
   * the {@link StableListener} has been told of is in it.
   */
  public LogExtent stableExtent() {
    lock.lock();
    try {
      return new LogExtent(writer, confirmedHead, confirmedEnd);
    } finally {
      lock.unlock();
    }
  }

  /** Deletes the segments whose records all have counter values below {@code counterValue}. */
  public void dropBefore(long counterValue) {
    try {
      writer.dropBefore(counterValue);
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot drop old segments of the " + name, e);
    }
  }

  /** Lets the next batch begin a new segment, so that the present one can be dropped later. */
  public void rotate() {
    writer.rotateBeforeNext();
  }

  private void write() {
    List<Pending<R>> batch = takePending();
    writing = true;
    Unconfirmed<R> added = null;
    unlock();
    RuntimeException failed = null;
    try {
      ByteWriter records = new ByteWriter(batch.size() * 64);
      List<R> decoded = new ArrayList<>(batch.size());
      long bytes = 0;
      for (Pending<R> each : batch) {
        bytes += each.encoded().length;
        records.bytes(each.encoded());
        decoded.add(each.record());
      }
      LogHead head = writer.write(batch.size(), records, limits.segmentBytesMax(), counter.tailBytesMax());
      added = new Unconfirmed<>(head, decoded, bytes, writer.position(), writer.unsynced());
    } catch (IOException e) {
      failed = new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot write the " + name + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      failed = e;
    } finally {
      lock.lock();
      writing = false;
      if (added == null) {
        fail(failed);
      } else {
        written = added.head().counter();
        unconfirmed.add(added);
        // The caller confirms that, unless another is confirming, who then sees to it.
        wakeOneToWrite();
      }
    }
  }

  private List<Pending<R>> takePending() {
    long bytes = 0;
    int count = 0;
    while (count < pending.size() && (count == 0 || bytes < limits.batchBytesTarget())) {
      bytes += pending.get(count++).encoded().length;
    }
    List<Pending<R>> batch = pending.subList(0, count);
    pending = new ArrayList<>(pending.subList(count, pending.size()));
    pendingBytes -= bytes;
    return batch;
  }

  private void confirm() {
    List<Unconfirmed<R>> batches = unconfirmed;
    unconfirmed = new ArrayList<>();
    confirming = true;
    LogHead head = batches.getLast().head();
    boolean done = false;
    unlock();
    RuntimeException failed = null;
    try {
      counter.confirm(epoch, name, head, batches.getLast().unsynced());
      confirmed(batches.getLast());
      for (Unconfirmed<R> batch : batches) {
        listener.stable(batch.records(), batch.head());
      }
      done = true;
    } catch (RuntimeException e) {
      failed = e;
    } finally {
      lock.lock();
      confirming = false;
      if (done) {
        unstableBytes -= batches.stream().mapToLong(Unconfirmed::bytes).sum();
        stable = head.counter();
        waiters.wakeUpTo(stable);
        if (!unconfirmed.isEmpty()) {
          waiters.wakeOneBehind(stable);
        }
        wakeOneToWrite();
      } else {
        fail(failed);
      }
    }
  }

  private void wakeOneToWrite() {
    if (!writing && !pending.isEmpty()) {
      waiters.wakeOneBehind(written);
    }
  }

  private void confirmed(Unconfirmed<R> last) {
    lock.lock();
    try {
      confirmedHead = last.head();
      confirmedEnd = last.end();
    } finally {
      lock.unlock();
    }
  }

  private void fail(RuntimeException cause) {
    if (failure == null) {
      failure = cause == null ? new IllegalStateException("the " + name + " was interrupted by an error") : cause;
    }
    waiters.wakeAll();
  }

  /** Makes everything appended stable, as far as the log still works, and closes its file. */
  @Override
  public void close() {
    close(true);
  }

  /**
   * As {@link #close}, but leaves out records for which nobody has waited: for a log that can do without its last ones, and whose counter
   * may not be reached any more.
   */
  public void closeWithoutPending() {
    close(false);
  }

  private void close(boolean withPending) {
    long last;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      long wanted = withPending ? appended : written;
      last = failure == null ? wanted : stable;
    } finally {
      lock.unlock();
    }
    try {
      awaitStable(last);
      settle();
    } finally {
      writer.close();
    }
  }

  /** Leaves nothing to the counter that the disk holds. */
  private void settle() {
    if (failure == null && counter.tailBytesMax() > 0) {
      try {
        writer.sync();
        counter.forgetTail(epoch, name);
      } catch (IOException | KvException e) {
        LOG.info("the trusted counter goes on keeping the end of the {}: {}", name, e.getMessage());
      }
    }
  }
}
