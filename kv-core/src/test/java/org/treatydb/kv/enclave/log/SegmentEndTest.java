package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemoryLogStorage;
import org.treatydb.kv.host.system.SystemEntropy;

/** Zeros written ahead, and what a crash leaves of a batch, are the end of a segment; anything else is a change. */
class SegmentEndTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final int RECORDS = 20;
  private static final int SECTOR_BYTES = 512;

  private final LogIdentity identity =
      new LogIdentity(STORE, LogName.WAL, new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
  private final MemoryLogStorage host = new MemoryLogStorage();
  private final MemoryCounter counter = new MemoryCounter();
  private final long seed = Long.getLong("seed", System.nanoTime());
  private long epoch;

  /** A log of several segments, in the last of which there is one batch of several sectors. */
  @BeforeEach
  void write() {
    counter.register(STORE);
    try (SealedLog<String> log = open()) {
      for (int i = 1; i <= RECORDS; i++) {
        log.awaitStable(log.append("record " + i));
      }
      log.rotate();
      log.awaitStable(log.append("long".repeat(600)));
    }
    assertTrue(host.segments().size() > 3, "segments: " + host.segments());
  }

  private SealedLog<String> open() {
    LogRecovery recovery = recovery();
    recovery.read((number, record) -> { });
    epoch = counter.bindEpoch(epoch);
    SealedLog.Limits limits = new SealedLog.Limits(300, 100, 10_000);
    return new SealedLog<>(recovery, counter, epoch, new SystemEntropy(), new SealedLogTest.Lines(), (records, head) -> { }, limits);
  }

  private LogHead stable() {
    return counter.read().orElseThrow().heads().getOrDefault(LogName.WAL, identity.genesis());
  }

  private LogRecovery recovery() {
    return new LogRecovery(identity, host, stable());
  }

  private LogHead scan() {
    return new LogScan(identity, host).run().head();
  }

  private byte[] read(long segment) throws IOException {
    try (SealedLogFile file = host.open(segment)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(0, bytes);
      return bytes.array();
    }
  }

  private void replace(long segment, byte[] bytes) throws IOException {
    try (SealedLogFile file = host.open(segment)) {
      file.truncate(0);
      file.append(ByteBuffer.wrap(bytes));
    }
  }

  private void append(long segment, byte[] bytes) throws IOException {
    try (SealedLogFile file = host.open(segment)) {
      file.append(ByteBuffer.wrap(bytes));
    }
  }

  private void assertChanged(String how) {
    KvException refused = assertThrows(KvException.IntegrityViolation.class, this::scan, how);
    assertEquals(ErrorCode.INTEGRITY_VIOLATION, refused.code());
  }

  @Test
  void zerosBehindAnySegmentAreItsEndAndAreCutByTheNextBoot() throws IOException {
    List<byte[]> before = new ArrayList<>();
    int zeros = 1;
    for (long segment : host.segments()) {
      before.add(read(segment));
      append(segment, new byte[zeros]);
      zeros *= 20;
    }
    List<Long> found = new ArrayList<>();
    recovery().read((number, record) -> found.add(number));
    assertEquals(RECORDS + 1, found.size());
    assertEquals(stable(), scan());
    open().close();
    for (int i = 0; i < before.size(); i++) {
      assertTrue(Arrays.equals(before.get(i), read(host.segments().get(i))), "segment " + i);
    }
  }

  @Test
  void anythingElseBehindAMiddleSegmentIsAChange() throws IOException {
    long middle = host.segments().get(1);
    byte[] whole = read(middle);
    for (int zeros : new int[] {0, 1, 5000}) {
      byte[] noise = new byte[zeros + 1];
      noise[zeros] = 7;
      replace(middle, whole);
      append(middle, noise);
      assertChanged(zeros + " zeros and a byte");
      assertThrows(KvException.IntegrityViolation.class, () -> recovery().read((number, record) -> { }));
    }
  }

  @Test
  void zerosInPlaceOfBatchesAreNotTheEndOfTheLog() throws IOException {
    for (int segment = 0; segment < host.segments().size(); segment++) {
      long id = host.segments().get(segment);
      byte[] whole = read(id);
      byte[] emptied = Arrays.copyOf(Arrays.copyOf(whole, SegmentHeader.BYTES), whole.length);
      replace(id, emptied);
      assertThrows(KvException.IntegrityViolation.class, () -> recovery().read((number, record) -> { }));
      if (segment < host.segments().size() - 1) {
        assertChanged("segment " + segment);
      }
      replace(id, whole);
    }
  }

  @Test
  void aLastSegmentWithoutAWholeHeaderHoldsNothingAndAnotherOneIsAChange() throws IOException {
    long last = host.segments().getLast();
    long middle = host.segments().get(1);
    for (byte[] begun : List.of(
        new byte[0], Arrays.copyOf(read(last), 1), Arrays.copyOf(read(last), SegmentHeader.BYTES - 1), new byte[SegmentHeader.BYTES],
        new byte[5000])) {
      byte[] whole = read(last);
      replace(last, begun);
      assertEquals(RECORDS, scan().counter());
      replace(last, whole);
      whole = read(middle);
      replace(middle, begun);
      assertChanged(begun.length + " bytes");
      replace(middle, whole);
    }
  }

  /** The host says that there are more bytes than it then gives. */
  @Test
  void aFileThatEndsBeforeItsEndIsAnIoFailure() {
    SealedLogStorage lying = new LyingStorage(host);
    KvException failed = assertThrows(KvException.Unavailable.class, () -> new LogScan(identity, lying).run());
    assertEquals(ErrorCode.IO_FAILURE, failed.code());
    assertTrue(failed.getMessage().contains("ended 1 bytes early"), failed.getMessage());
    assertThrows(KvException.Unavailable.class, () -> new LogRecovery(identity, lying, stable()).read((number, record) -> { }));
  }

  private record LyingStorage(SealedLogStorage host) implements SealedLogStorage {

    @Override
    public List<Long> segments() throws IOException {
      return host.segments();
    }

    @Override
    public SealedLogFile create(long segment) throws IOException {
      return host.create(segment);
    }

    @Override
    public SealedLogFile open(long segment) throws IOException {
      return new LyingFile(host.open(segment));
    }

    @Override
    public void delete(long segment) throws IOException {
      host.delete(segment);
    }
  }

  private record LyingFile(SealedLogFile file) implements SealedLogFile {

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      file.append(bytes);
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      file.read(position, target);
    }

    @Override
    public long size() throws IOException {
      return file.size() + 1;
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

  @Test
  void ofATornBatchAnySectorsMayBeMissing() throws IOException {
    Random random = new Random(seed);
    long last = host.segments().getLast();
    byte[] whole = read(last);
    int begin = SegmentHeader.BYTES;
    int sectors = (whole.length - 1) / SECTOR_BYTES - begin / SECTOR_BYTES + 1;
    for (int round = 0; round < 200; round++) {
      byte[] torn = whole.clone();
      int missing = random.nextInt(sectors);
      for (int i = 0; i < sectors; i++) {
        if (i == missing || random.nextBoolean()) {
          int from = (begin / SECTOR_BYTES + i) * SECTOR_BYTES;
          Arrays.fill(torn, Math.max(begin, from), Math.min(torn.length, from + SECTOR_BYTES), (byte) 0);
        }
      }
      replace(last, torn);
      append(last, new byte[random.nextInt(3000)]);
      assertEquals(RECORDS, scan().counter(), "replay with -Dtest=SegmentEndTest -Dseed=" + seed);
    }
  }

  @Test
  void aFlippedBitIsNoTornBatchEvenInTheLastOneAndBeforeZeros() throws IOException {
    long last = host.segments().getLast();
    byte[] whole = read(last);
    for (int zeros : new int[] {0, 10, 100_000}) {
      int at = 0;
      while (at < whole.length) {
        byte[] changed = whole.clone();
        changed[at] ^= 4;
        replace(last, changed);
        append(last, new byte[zeros]);
        assertChanged("byte " + at + " before " + zeros + " zeros");
        at += at < SegmentHeader.BYTES + 40 ? 1 : 61;
      }
    }
  }
}
