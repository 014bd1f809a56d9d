package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.enclave.log.RecordedStorage.Step.APPEND;
import static org.treatydb.kv.enclave.log.RecordedStorage.Step.CONFIRM;
import static org.treatydb.kv.enclave.log.RecordedStorage.Step.SYNC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemEntropy;

class SealedLogTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final SealedLog.Limits SMALL = new SealedLog.Limits(300, 100, 10_000);

  private final LogIdentity identity =
      new LogIdentity(STORE, LogName.WAL, new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
  private final RecordedStorage host = new RecordedStorage();
  private final List<String> stable = Collections.synchronizedList(new ArrayList<>());
  private final Map<Long, LogHead> heads = new ConcurrentHashMap<>(Map.of(0L, identity.genesis()));
  private long epoch;
  private Runnable atStable = () -> { };

  /** Records are lines of text. */
  static final class Lines implements RecordCodec<String> {
    @Override
    public void encode(String record, ByteWriter out) {
      out.raw(record.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String decode(ByteReader in) {
      return new String(in.raw(in.remaining()), StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void register() {
    host.counter.register(STORE);
  }

  private LogRecovery recovery() {
    LogHead head = host.counter.read().orElseThrow().heads().getOrDefault(LogName.WAL, identity.genesis());
    return new LogRecovery(identity, host, head);
  }

  /** The records that there are, of which those from {@code neededFrom} on must be. */
  private List<String> read(long neededFrom) {
    List<String> found = new ArrayList<>();
    recovery().readThrough(
        heads.get(neededFrom - 1), neededFrom, (counter, record) -> found.add(counter + ":" + new Lines().decode(record)));
    return found;
  }

  private SealedLog<String> open(SealedLog.Limits limits) {
    LogRecovery recovery = recovery();
    recovery.read((counter, record) -> { });
    epoch = host.counter.bindEpoch(epoch);
    return new SealedLog<>(recovery, host.counter, epoch, new SystemEntropy(), new Lines(),
        (records, head) -> {
          heads.put(head.counter(), head);
          long counter = head.counter() - records.size() + 1;
          for (String record : records) {
            stable.add(counter++ + ":" + record);
          }
          atStable.run();
        }, limits);
  }

  private static void write(SealedLog<String> log, String... records) {
    for (String record : records) {
      log.awaitStable(log.append(record));
    }
  }

  @Test
  void recordsComeBackInOrderAfterRestarts() {
    List<String> expected = new ArrayList<>();
    for (int boot = 0; boot < 4; boot++) {
      try (SealedLog<String> log = open(SMALL)) {
        for (int i = 0; i < 10; i++) {
          write(log, "record " + boot + "." + i);
          expected.add(expected.size() + 1 + ":record " + boot + "." + i);
        }
      }
      assertEquals(expected, read(1));
    }
    assertEquals(expected, stable);
  }

  @Test
  void aCopyHoldsWhatTheListenerHasBeenToldOf() {
    List<Integer> copied = new ArrayList<>();
    try (SealedLog<String> log = open(SMALL)) {
      atStable = () -> {
        RecordedStorage target = new RecordedStorage();
        try (LogExtent extent = log.stableExtent()) {
          extent.copyTo(target);
          List<String> found = new ArrayList<>();
          new LogRecovery(identity, target, extent.head())
              .read((counter, record) -> found.add(counter + ":" + new Lines().decode(record)));
          assertEquals(stable, found);
          copied.add(found.size());
        }
      };
      write(log, "one", "two", "a longer one, so that ".repeat(20), "a segment ends");
    }
    assertEquals(List.of(1, 2, 3, 4), copied);
  }

  @Test
  void aSegmentThatHasLostItsEndIsNotCopied() throws IOException {
    try (SealedLog<String> log = open(SMALL)) {
      write(log, "one", "two");
      LogExtent extent = log.stableExtent();
      try (SealedLogFile file = host.open(host.segments().getLast())) {
        file.truncate(file.size() - 1);
      }
      KvException failed = assertThrows(KvException.Unavailable.class, () -> extent.copyTo(new RecordedStorage()));
      assertEquals(ErrorCode.IO_FAILURE, failed.code());
      extent.close();
      log.rotate();
      write(log, "three");
      log.dropBefore(3);
      assertEquals(1, host.segments().size(), "what is copied no more is kept");
      extent.close();
      try (LogExtent next = log.stableExtent()) {
        extent.close();
        log.rotate();
        write(log, "four");
        log.dropBefore(4);
        assertEquals(2, host.segments().size(), "an extent closed twice has let another's segments go");
        assertEquals(3, next.head().counter());
      }
    }
  }

  @Test
  void anErrorInTheMiddleOfAWriteBreaksTheLog() {
    SealedLog<String> log = open(SealedLog.Limits.DEFAULT);
    atStable = () -> {
      throw new AssertionError("out of luck");
    };
    assertThrows(AssertionError.class, () -> write(log, "one"));
    KvException refused = assertThrows(KvException.Unavailable.class, () -> log.append("two"));
    assertTrue(refused.getMessage().contains("was interrupted by an error"), refused.getMessage());
    log.close();
  }

  @Test
  void batchesOfASenselessLengthAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SealedLog.Limits(300, -1, 10_000));
    assertThrows(IllegalArgumentException.class, () -> new SealedLog.Limits(300, (16 << 20) + 1, 10_000));
  }

  @Test
  void manyWaitersShareOneSyncAndOneCounterRound() throws InterruptedException {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      host.steps.clear();
      List<Long> counters = IntStream.range(0, 64).mapToObj(i -> log.append("record " + i)).toList();
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> waiters = counters.stream().map(counter -> Thread.ofVirtual().start(() -> {
        await(start);
        log.awaitStable(counter);
      })).toList();
      start.countDown();
      for (Thread each : waiters) {
        each.join();
      }
      assertEquals(List.of(APPEND, SYNC, CONFIRM), host.steps);
      assertEquals(64, stable.size());
    }
  }

  @Test
  void aBatchIsSyncedBeforeItIsConfirmed() throws InterruptedException {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      host.steps.clear();
      List<Thread> writers = IntStream.range(0, 16).mapToObj(i -> Thread.ofVirtual().start(() -> {
        for (int j = 0; j < 50; j++) {
          write(log, i + "." + j);
        }
      })).toList();
      for (Thread each : writers) {
        each.join();
      }
      assertEquals(List.of(), host.confirmedTooEarly);
      assertEquals(host.count(APPEND), host.count(SYNC), "one sync a batch");
      assertTrue(host.count(CONFIRM) <= host.count(SYNC));
      assertEquals(800, stable.size());
    }
    assertEquals(stable, read(1));
  }

  @ParameterizedTest
  @EnumSource(RecordedStorage.Step.class)
  void afterAFailureEverybodyIsToldAndNothingMoreIsTaken(RecordedStorage.Step step) throws InterruptedException {
    SealedLog<String> log = open(SealedLog.Limits.DEFAULT);
    write(log, "before");
    host.failing = step;
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> writers = IntStream.range(0, 8).mapToObj(i -> Thread.ofVirtual().start(() -> {
      try {
        write(log, "lost " + i);
      } catch (KvException.Unavailable e) {
        failures.add(e);
      }
    })).toList();
    for (Thread each : writers) {
      each.join();
    }
    assertEquals(8, failures.size());
    host.failing = null;
    assertEquals(ErrorCode.IO_FAILURE, assertThrows(KvException.Unavailable.class, () -> log.append("after")).code());
    log.close();
    assertEquals(List.of("1:before"), stable);
    assertEquals(List.of("1:before"), read(1), "what was never confirmed came back");
    try (SealedLog<String> next = open(SealedLog.Limits.DEFAULT)) {
      write(next, "goes on");
    }
    assertEquals(List.of("1:before", "2:goes on"), read(1));
  }

  @Test
  void aNewerBootFencesTheOlderOne() {
    SealedLog<String> older = open(SealedLog.Limits.DEFAULT);
    write(older, "one");
    SealedLog<String> newer = open(SealedLog.Limits.DEFAULT);
    KvException fenced = assertThrows(KvException.IntegrityViolation.class, () -> write(older, "of the older"));
    assertEquals(ErrorCode.FENCED, fenced.code());
    write(newer, "two");
    older.close();
    newer.close();
    assertEquals(List.of("1:one", "2:two"), stable);
  }

  @Test
  void segmentsAreDroppedOnlyWhenNoneOfTheirRecordsIsNeeded() {
    try (SealedLog<String> log = open(SMALL)) {
      for (int i = 1; i <= 30; i++) {
        write(log, "record number " + i);
      }
      for (long needed = 1; needed <= 30; needed++) {
        log.dropBefore(needed);
        List<String> left = read(needed);
        assertTrue(left.contains(needed + ":record number " + needed), needed + " is gone: " + left);
        assertTrue(left.contains("30:record number 30"));
      }
      assertTrue(read(30).size() < 10, "nothing was dropped: " + read(30));
      assertThrows(KvException.IntegrityViolation.class, () -> read(1), "dropped records were not missed");
    }
  }

  @Test
  void aRotationLetsEverythingBeforeItGo() {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      write(log, "one", "two");
      log.rotate();
      write(log, "three");
      log.dropBefore(3);
      assertEquals(List.of("3:three"), read(3));
    }
  }

  @Test
  void aLogMustLeadThroughTheHeadThatIsKnownOfIt() {
    try (SealedLog<String> log = open(SMALL)) {
      for (int i = 1; i <= 10; i++) {
        write(log, "record " + i);
      }
      log.append("one of two");
      write(log, "two of two");
    }
    for (long known = 0; known <= 10; known++) {
      LogHead other = new LogHead(known, heads.get(known + (known == 10 ? 2 : 1)).digest());
      recovery().readThrough(heads.get(known), known + 1, (counter, record) -> { });
      KvException refused = assertThrows(
          KvException.IntegrityViolation.class, () -> recovery().readThrough(other, other.counter() + 1, (counter, record) -> { }));
      assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    }
    LogHead withinABatch = new LogHead(11, heads.get(10L).digest());
    assertThrows(KvException.IntegrityViolation.class, () -> recovery().readThrough(withinABatch, 12, (counter, record) -> { }));
    recovery().readThrough(heads.get(12L), 13, (counter, record) -> { });
  }

  @Test
  void recordsThatAreNeededFromBeforeTheKnownHeadMustBeThere() {
    try (SealedLog<String> log = open(SMALL)) {
      for (int i = 1; i <= 10; i++) {
        write(log, "record " + i);
        log.rotate();
      }
      log.dropBefore(5);
    }
    List<Long> left = new ArrayList<>();
    recovery().readThrough(heads.get(9L), 5, (counter, record) -> left.add(counter));
    assertTrue(left.getFirst() > 1 && left.getFirst() <= 5, "dropped up to " + left);
    KvException refused = assertThrows(
        KvException.IntegrityViolation.class,
        () -> recovery().readThrough(heads.get(9L), left.getFirst() - 1, (counter, record) -> { }));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  @Test
  void whoReadsALogLearnsWhereItsBatchesEnd() {
    try (SealedLog<String> log = open(SMALL)) {
      write(log, "one");
      log.append("two");
      write(log, "three");
    }
    List<Object> seen = new ArrayList<>();
    recovery().read(new LogRecovery.RecordVisitor() {
      @Override
      public void record(long counter, ByteReader record) {
        seen.add(counter);
      }

      @Override
      public void batchEnd(LogHead head) {
        seen.add(head);
      }
    });
    assertEquals(List.of(1L, heads.get(1L), 2L, 3L, heads.get(3L)), seen);
  }

  @Test
  void aTornTailIsCutAndNeverComesBack() throws IOException {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      write(log, "one", "two");
    }
    for (int length : new int[] {1, 16, 17, 40, 5000}) {
      try (SealedLogFile last = host.files.open(host.segments().getLast())) {
        last.append(ByteBuffer.wrap(new byte[length]));
      }
      assertEquals(List.of("1:one", "2:two"), read(1));
    }
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      write(log, "three");
    }
    assertEquals(List.of("1:one", "2:two", "3:three"), read(1));
  }

  @Test
  void everyCutOfTheConfirmedPartIsNoticed() throws IOException {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      write(log, "one", "two", "three");
    }
    long segment = host.segments().getLast();
    for (long size = host.files.open(segment).size() - 1; size >= 0; size -= 3) {
      host.files.open(segment).truncate(size);
      assertThrows(KvException.IntegrityViolation.class, () -> read(1));
    }
  }

  @Test
  void aRecordThatRecoveryWouldNotReadIsNotTaken() {
    try (SealedLog<String> log = open(SealedLog.Limits.DEFAULT)) {
      String tooLong = "x".repeat(SealedLog.RECORD_BYTES_MAX + 1);
      assertEquals(ErrorCode.LIMIT_EXCEEDED, assertThrows(KvException.InvalidRequest.class, () -> log.append(tooLong)).code());
      write(log, "goes on");
    }
    assertEquals(List.of("1:goes on"), read(1));
    assertThrows(IllegalArgumentException.class, () -> new SealedLog.Limits(1, 1 << 30, 1 << 30));
  }

  @Test
  void closingMakesStableWhatWasAppended() {
    SealedLog<String> log = open(SealedLog.Limits.DEFAULT);
    log.append("nobody waits for this");
    log.close();
    log.close();
    assertEquals(List.of("1:nobody waits for this"), read(1));
    assertEquals(ErrorCode.STORE_CLOSED, assertThrows(KvException.Closed.class, () -> log.append("late")).code());
    assertFalse(stable.isEmpty());
  }

  @Test
  void whatNobodyWaitsForCanBeLeftOutAtTheEnd() {
    SealedLog<String> log = open(SealedLog.Limits.DEFAULT);
    write(log, "somebody waits for this");
    log.append("nobody waits for this");
    log.closeWithoutPending();
    assertEquals(List.of("1:somebody waits for this"), read(1));
    assertEquals(ErrorCode.STORE_CLOSED, assertThrows(KvException.Closed.class, () -> log.append("late")).code());
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
