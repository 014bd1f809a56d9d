package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemoryLogStorage;

/**
 * A log's host, in memory, that notes every append, sync and confirmation in the order in which they end, and fails one
 * of them when told to.
 */
final class RecordedStorage implements SealedLogStorage {

  /** What the host is asked to do. */
  enum Step {
    APPEND,
    SYNC,
    CONFIRM
  }

  final List<Step> steps = new CopyOnWriteArrayList<>();
  final MemoryLogStorage files = new MemoryLogStorage();
  final MemoryCounter state = new MemoryCounter();
  volatile Step failing;
  /** Counter value of the newest record that was appended, that was synced. */
  private volatile long appendedTo;

  private volatile long syncedTo;
  /** The heads that were to be confirmed before they were synced. */
  final List<LogHead> confirmedTooEarly = new CopyOnWriteArrayList<>();

  private void done(Step step) {
    steps.add(step);
  }

  private void failIf(Step step) throws IOException {
    if (failing == step) {
      throw new IOException("the disk is gone");
    }
  }

  long count(Step step) {
    return steps.stream().filter(each -> each == step).count();
  }

  final TrustedCounter counter = new TrustedCounter() {
    @Override
    public Optional<State> read() {
      return state.read();
    }

    @Override
    public void register(StoreId store) {
      state.register(store);
    }

    @Override
    public long bindEpoch(long present) {
      return state.bindEpoch(present);
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      if (failing == Step.CONFIRM) {
        throw new KvException.Unavailable(
            ErrorCode.IO_FAILURE, "the counter is gone", null);
      }
      if (head.counter() > syncedTo) {
        confirmedTooEarly.add(head);
      }
      state.confirm(bootEpoch, log, head);
      done(Step.CONFIRM);
    }

    @Override
    public void close() {
      state.close();
    }
  };

  @Override
  public List<Long> segments() {
    return files.segments();
  }

  @Override
  public SealedLogFile create(long segment) throws IOException {
    return new Noted(files.create(segment));
  }

  @Override
  public SealedLogFile open(long segment) throws IOException {
    return files.open(segment);
  }

  @Override
  public void delete(long segment) {
    files.delete(segment);
  }

  private final class Noted implements SealedLogFile {
    private final SealedLogFile file;

    Noted(SealedLogFile file) {
      this.file = file;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      failIf(Step.APPEND);
      if (file.size() > 0) {
        BatchCodec.Header header = BatchCodec.header(bytes.array()).orElseThrow();
        appendedTo = header.firstCounter() + header.records() - 1;
      }
      file.append(bytes);
      done(Step.APPEND);
    }

    @Override
    public void sync() throws IOException {
      failIf(Step.SYNC);
      file.sync();
      syncedTo = appendedTo;
      done(Step.SYNC);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      file.read(position, target);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
