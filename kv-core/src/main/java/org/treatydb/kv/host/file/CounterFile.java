package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * A trusted counter kept in a file, away from the data it vouches for.
 *
 * <p>Protects against: whoever can change, roll back, copy or delete the data directory but not this file; two
 * processes that open copies of one store with one counter file (the file is locked while in use). Does not protect
 * against whoever can put back this file together with the data: an administrator of the machine, a snapshot of the
 * whole disk. For that, the file must lie on a medium that the adversary does not own, or the counter must be the
 * quorum of a cluster.
 *
 * <p>With the head of a log it keeps what the log has not synced yet, so that a commit costs one sync. That a power cut loses
 * nothing rests on this file, too, until the log is synced: after 16 KiB, and when the store is closed.
 *
 * <p>Two {@linkplain CounterSlot slots} of {@value CounterSlot#BYTES_MAX} bytes are written in turn and synced, so that a torn write
 * leaves the other.
 *
 * <p>Thread-safe.
 */
public final class CounterFile implements TrustedCounter {

  private static final Logger LOG = LoggerFactory.getLogger(CounterFile.class);
  private static final int PAGE_BYTES = 4 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Path path;
  private final FileClaim claim;
  private final FileChannel channel;
  private long sequence;
  private State state;

  /**
   * Opens the counter in {@code path}, or prepares to create it, for this process alone.
   *
   * @throws KvException.Unavailable with STORE_IN_USE if another process, or another store in this one, has it open
   * @throws KvException.IntegrityViolation if the file is there but holds no readable state
   */
  public CounterFile(Path path) {
    this(path, claim(path, false));
  }

  private CounterFile(Path path, FileClaim claim) {
    this.path = path;
    this.claim = claim;
    this.channel = claim.channel();
    try {
      readSlots();
    } catch (IOException e) {
      close();
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the trusted counter " + path + ": " + e.getMessage(), e);
    } catch (KvException.IntegrityViolation e) {
      close();
      throw e;
    }
  }

  /**
   * Opens the counter in {@code path} to read it, and locks out whoever wants to change it; empty if there is no such
   * file. Changes nothing; what would change something throws.
   *
   * @throws KvException.Unavailable with STORE_IN_USE if it is open elsewhere
   * @throws KvException.IntegrityViolation if the file holds no readable state
   */
  public static Optional<CounterFile> openToRead(Path path) {
    return Files.exists(path) ? Optional.of(new CounterFile(path, claim(path, true))) : Optional.empty();
  }

  private static FileClaim claim(Path path, boolean toRead) {
    try {
      if (!toRead) {
        DurableFiles.createDirectories(path.toAbsolutePath().getParent());
      }
      Optional<FileClaim> claim = toRead ? FileClaim.claimToRead(path) : FileClaim.claim(path);
      return claim.orElseThrow(() -> new KvException.Unavailable(
          ErrorCode.STORE_IN_USE, "the trusted counter " + path + " is in use by another store or process", null));
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot open the trusted counter " + path + ": " + e.getMessage(), e);
    }
  }

  private void readSlots() throws IOException {
    boolean secondWriteBegan = false;
    for (int slot = 0; slot < 2; slot++) {
      ByteBuffer bytes = ByteBuffer.allocate(CounterSlot.BYTES_MAX);
      while (bytes.hasRemaining() && channel.read(bytes, slot * (long) CounterSlot.BYTES_MAX + bytes.position()) > 0) {
        continue;
      }
      byte[] found = Arrays.copyOf(bytes.array(), bytes.position());
      CounterSlot.decode(found).filter(each -> each.sequence() > sequence).ifPresent(newer -> {
        sequence = newer.sequence();
        state = newer.state();
      });
      secondWriteBegan |= slot == slotOf(2) && !Arrays.equals(found, new byte[found.length]);
    }
    // Where not even the second write has begun, a crash came during the first: nothing was ever registered.
    if (state == null && secondWriteBegan) {
      throw new KvException.IntegrityViolation("the trusted counter " + path + " is damaged");
    }
  }

  private static int slotOf(long sequence) {
    return (int) (sequence % 2);
  }

  private void write(State next) {
    ByteBuffer out = ByteBuffer.wrap(new CounterSlot(sequence + 1, next).encode());
    try {
      boolean first = sequence == 0;
      if (first) {
        writeZeros();
      }
      long at = slotOf(sequence + 1) * (long) CounterSlot.BYTES_MAX;
      while (out.hasRemaining()) {
        at += channel.write(out, at);
      }
      channel.force(false);
      if (first) {
        DurableFiles.syncDirectory(path.toAbsolutePath().getParent());
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot write the trusted counter " + path + ": " + e.getMessage(), e);
    }
    sequence++;
    state = next;
  }

  /** Page by page: what is written at once the kernel caches as one piece, of which a write then seems to change all. */
  private void writeZeros() throws IOException {
    for (int at = 0; at < 2 * CounterSlot.BYTES_MAX; at += PAGE_BYTES) {
      channel.write(ByteBuffer.allocate(PAGE_BYTES), at);
    }
  }

  @Override
  public Optional<State> read() {
    lock.lock();
    try {
      return Optional.ofNullable(state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void register(StoreId store) {
    lock.lock();
    try {
      write(State.registered(Optional.ofNullable(state), store));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long bindEpoch(long present) {
    lock.lock();
    try {
      write(registered().bound(present));
      return state.bootEpoch();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int tailBytesMax() {
    return CounterSlot.TAIL_BYTES_MAX;
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    confirm(bootEpoch, log, head, LogTail.NONE);
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
    if (tail.bytes().length > CounterSlot.TAIL_BYTES_MAX) {
      throw new IllegalArgumentException("a tail of " + tail.bytes().length + " bytes; at most " + CounterSlot.TAIL_BYTES_MAX);
    }
    lock.lock();
    try {
      write(registered().confirmed(bootEpoch, log, head, tail));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void forgetTail(long bootEpoch, LogName log) {
    lock.lock();
    try {
      State next = registered().withoutTail(bootEpoch, log);
      if (!next.equals(state)) {
        write(next);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the counters in {@code directory} know of {@code store}, wherever it was; without {@code except}. Counters that
   * this process has open, and files that hold no readable state, are passed over. Changes nothing.
   */
  public static List<State> statesOf(StoreId store, Path directory, Path except) throws IOException {
    List<State> found = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".counter") && !each.equals(except)).toList()) {
        try (CounterFile counter = new CounterFile(file, claim(file, true))) {
          counter.read().filter(state -> state.store().equals(store)).ifPresent(found::add);
        } catch (KvException.Unavailable | KvException.IntegrityViolation e) {
          LOG.warn("passing over the trusted counter {}: {}", file, e.getMessage());
        }
      }
    }
    return found;
  }

  /**
   * Makes {@code adopted} the state, whatever the counter remembered: for the operator who moved or restored a store on
   * purpose and says so. Not part of {@link TrustedCounter}, so that no engine can come to it by itself.
   */
  public void adopt(State adopted) {
    lock.lock();
    try {
      write(adopted);
    } finally {
      lock.unlock();
    }
  }

  private State registered() {
    return Optional.ofNullable(state).orElseThrow(State::unregistered);
  }

  @Override
  public void close() {
    try {
      claim.close();
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot close the trusted counter " + path, e);
    }
  }
}
