package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
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
 * <p>Format 1: two slots of {@value #SLOT_BYTES} bytes, written in turn and synced, so that a torn write leaves the
 * other. A slot holds: version, sequence (8 bytes), store id, boot epoch (8), then for each of WAL, CLOG, MANIFEST the
 * counter (8) and the digest, then SHA-256 over all that (against torn writes, not against an adversary).
 *
 * <p>Thread-safe.
 */
public final class CounterFile implements TrustedCounter {

  private static final Logger LOG = LoggerFactory.getLogger(CounterFile.class);
  private static final int VERSION = 1;
  private static final int SLOT_BYTES = 4096;
  private static final int BODY_BYTES =
      1 + Long.BYTES + StoreId.BYTES + Long.BYTES + LogName.values().length * (Long.BYTES + LogHead.DIGEST_BYTES);
  private static final int SLOT_BYTES_USED = BODY_BYTES + LogHead.DIGEST_BYTES;

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
      ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES_USED);
      while (bytes.hasRemaining() && channel.read(bytes, slot * (long) SLOT_BYTES + bytes.position()) > 0) {
        continue;
      }
      byte[] found = Arrays.copyOf(bytes.array(), bytes.position());
      if (found.length == SLOT_BYTES_USED) {
        readSlot(found);
      }
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

  private void readSlot(byte[] bytes) {
    byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
    if (body[0] != VERSION || !Arrays.equals(sha256(body), Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length))) {
      return;
    }
    ByteBuffer in = ByteBuffer.wrap(body, 1, BODY_BYTES - 1);
    long slotSequence = in.getLong();
    if (slotSequence <= sequence) {
      return;
    }
    byte[] store = new byte[StoreId.BYTES];
    in.get(store);
    long epoch = in.getLong();
    Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
    for (LogName log : LogName.values()) {
      long counter = in.getLong();
      byte[] digest = new byte[LogHead.DIGEST_BYTES];
      in.get(digest);
      if (counter > 0) {
        heads.put(log, new LogHead(counter, digest));
      }
    }
    sequence = slotSequence;
    state = new State(new StoreId(store), epoch, heads);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void write(State next) {
    ByteBuffer out = ByteBuffer.allocate(SLOT_BYTES_USED);
    out.put((byte) VERSION).putLong(sequence + 1).put(next.store().bytes()).putLong(next.bootEpoch());
    for (LogName log : LogName.values()) {
      LogHead head = next.heads().getOrDefault(log, new LogHead(0, new byte[LogHead.DIGEST_BYTES]));
      out.putLong(head.counter()).put(head.digest());
    }
    out.put(sha256(Arrays.copyOf(out.array(), BODY_BYTES))).flip();
    try {
      boolean first = sequence == 0;
      if (first) {
        channel.write(ByteBuffer.allocate(2 * SLOT_BYTES), 0);
      }
      long at = slotOf(sequence + 1) * (long) SLOT_BYTES;
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
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    lock.lock();
    try {
      write(registered().confirmed(bootEpoch, log, head));
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
