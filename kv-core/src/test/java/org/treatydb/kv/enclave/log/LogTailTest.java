package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.enclave.log.RecordedStorage.Step.APPEND;
import static org.treatydb.kv.enclave.log.RecordedStorage.Step.SYNC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.ForwardingCounter;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.system.SystemEntropy;

/** A log whose end the trusted counter keeps: what its disk has not synced comes back from there, whatever a crash leaves. */
class LogTailTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);

  @TempDir Path directory;

  private final LogIdentity identity =
      new LogIdentity(STORE, LogName.WAL, new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
  private final RecordedStorage host = new RecordedStorage();
  private CounterFile counter;
  private long epoch;

  @BeforeEach
  void register() {
    counter = new CounterFile(directory.resolve("it.counter"));
    counter.register(STORE);
  }

  @AfterEach
  void close() {
    counter.close();
  }

  private TrustedCounter.State state() {
    return counter.read().orElseThrow();
  }

  private LogTail tail() {
    return state().tail(LogName.WAL);
  }

  private LogRecovery recovery(LogTail tail) {
    LogHead head = state().heads().getOrDefault(LogName.WAL, identity.genesis());
    return new LogRecovery(identity, host, head, tail);
  }

  private List<String> read(LogTail tail) {
    List<String> found = new ArrayList<>();
    recovery(tail).read((number, record) -> found.add(number + ":" + new SealedLogTest.Lines().decode(record)));
    return found;
  }

  private SealedLog<String> open() {
    return open(counter);
  }

  private SealedLog<String> open(TrustedCounter confirming) {
    LogRecovery recovery = recovery(tail());
    recovery.read((number, record) -> { });
    epoch = counter.bindEpoch(epoch);
    return new SealedLog<>(
        recovery, confirming, epoch, new SystemEntropy(), new SealedLogTest.Lines(), (records, head) -> { }, SealedLog.Limits.DEFAULT);
  }

  private static void write(SealedLog<String> log, String... records) {
    for (String record : records) {
      log.awaitStable(log.append(record));
    }
  }

  /** What the disk holds of a segment. */
  private byte[] bytes(long segment) throws IOException {
    try (SealedLogFile file = host.open(segment)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(0, bytes);
      return bytes.array();
    }
  }

  private void leave(long segment, byte[] bytes) throws IOException {
    try (SealedLogFile file = host.open(segment)) {
      file.truncate(0);
      file.append(ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void whatTheCounterKeepsIsNotSynced() {
    SealedLog<String> log = open();
    host.steps.clear();
    write(log, "one", "two", "three");
    assertEquals(0, host.count(SYNC));
    assertEquals(3, host.count(APPEND));
    assertEquals(SegmentHeader.BYTES, tail().position());
    assertEquals(List.of("1:one", "2:two", "3:three"), read(tail()));
  }

  @Test
  void moreThanTheCounterCanKeepIsSyncedBeforeItIsConfirmed() {
    SealedLog<String> log = open();
    write(log, "one");
    host.steps.clear();
    write(log, "long".repeat(counter.tailBytesMax() / 4));
    assertEquals(List.of(APPEND, SYNC), host.steps);
    assertTrue(tail().isEmpty());
    write(log, "three");
    assertFalse(tail().isEmpty());
    assertEquals(3, read(tail()).size());
  }

  @Test
  void theKeptEndIsReadAndPutBackWhateverACrashLeftThere() throws IOException {
    try (SealedLog<String> log = open()) {
      write(log, "one", "two");
    }
    SealedLog<String> log = open();
    write(log, "three", "four", "five");
    LogTail kept = tail();
    byte[] whole = bytes(kept.segment());
    int synced = (int) kept.position();
    List<String> expected = List.of("1:one", "2:two", "3:three", "4:four", "5:five");
    Random random = new Random(7);
    for (int length : new int[] {synced, synced + 1, synced + 40, whole.length - 1, whole.length, whole.length + 5000}) {
      for (boolean noise : new boolean[] {false, true}) {
        byte[] left = new byte[length];
        if (noise) {
          random.nextBytes(left);
        }
        System.arraycopy(whole, 0, left, 0, synced);
        leave(kept.segment(), left);
        assertEquals(expected, read(tail()), "left are " + length + " bytes");
        open().close();
        assertArrayEquals(whole, bytes(kept.segment()), "the disk, after " + length + " bytes");
        assertTrue(tail().isEmpty(), "closed, the log needs the counter no more");
        assertEquals(expected, read(LogTail.NONE));
        reset(kept);
      }
    }
  }

  @Test
  void whileARoundIsUnderWayRecordsGatherInOneBatch() throws InterruptedException {
    CountDownLatch under = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    SealedLog<String> log = open(new ForwardingCounter(counter) {
      @Override
      public void confirm(long bootEpoch, LogName name, LogHead head, LogTail tail) {
        under.countDown();
        SealedLogTest.await(held);
        super.confirm(bootEpoch, name, head, tail);
      }
    });
    host.steps.clear();
    List<Thread> writers = new ArrayList<>();
    writers.add(Thread.ofVirtual().start(() -> write(log, "first")));
    under.await();
    for (int i = 0; i < 10; i++) {
      writers.add(Thread.ofVirtual().start(() -> write(log, "another")));
    }
    while (log.unstable() < 11) {
      Thread.onSpinWait();
    }
    held.countDown();
    for (Thread each : writers) {
      each.join();
    }
    assertEquals(List.of(APPEND, APPEND), host.steps);
    assertEquals(11, read(tail()).size());
  }

  /** Puts the counter back to where it keeps the end of the log. */
  private void reset(LogTail kept) {
    counter.adopt(new TrustedCounter.State(STORE, epoch, state().heads(), Map.of(LogName.WAL, kept)));
  }

  /** The control: without what the counter keeps, the same disk is refused. */
  @Test
  void withoutTheKeptEndTheLogEndsTooEarly() throws IOException {
    SealedLog<String> log = open();
    write(log, "one", "two");
    leave(tail().segment(), Arrays.copyOf(bytes(tail().segment()), (int) tail().position()));
    assertEquals(2, read(tail()).size());
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> read(LogTail.NONE));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  @Test
  void whatWasSyncedIsNoneOfTheCountersBusiness() throws IOException {
    SealedLog<String> log = open();
    write(log, "long".repeat(counter.tailBytesMax() / 4), "two");
    LogTail kept = tail();
    byte[] whole = bytes(kept.segment());
    for (int at = 0; at < kept.position(); at += 97) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      leave(kept.segment(), changed);
      assertThrows(KvException.IntegrityViolation.class, () -> read(tail()), "byte " + at);
    }
    leave(kept.segment(), Arrays.copyOf(whole, (int) kept.position() - 1));
    assertThrows(KvException.IntegrityViolation.class, () -> read(tail()), "shorter than what was synced");
    leave(kept.segment(), whole);
    assertEquals(2, read(tail()).size());
  }

  @Test
  void aSegmentIsSyncedBeforeTheNextBegins() {
    SealedLog<String> log = open();
    write(log, "one");
    LogTail before = tail();
    log.rotate();
    host.steps.clear();
    write(log, "two");
    assertEquals(List.of(SYNC, APPEND, SYNC, APPEND), host.steps);
    assertTrue(tail().segment() > before.segment());
    assertEquals(List.of("1:one", "2:two"), read(tail()));
  }

  @Test
  void theKeptEndOfASegmentThatIsGoneIsNotNeeded() throws IOException {
    SealedLog<String> log = open();
    write(log, "one", "two");
    LogTail kept = tail();
    log.rotate();
    write(log, "three");
    log.dropBefore(3);
    assertFalse(host.segments().contains(kept.segment()));
    byte[] next = bytes(tail().segment());
    long segment = tail().segment();
    log.close();
    counter.adopt(new TrustedCounter.State(
        STORE, epoch, Map.of(LogName.WAL, SegmentHeader.decode(
            Arrays.copyOf(next, SegmentHeader.BYTES), LogName.WAL, STORE).before()), Map.of(LogName.WAL, kept)));
    assertEquals(List.of(), read(tail()), "nothing is left of what was confirmed");
    open().close();
    assertEquals(2, host.segments().size(), "segment " + segment + " and the new one: " + host.segments());
  }
}
