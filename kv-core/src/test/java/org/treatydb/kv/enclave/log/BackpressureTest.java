package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.system.SystemEntropy;

/** What was appended and is not yet stable is bounded. */
@Timeout(60)
class BackpressureTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final String RECORD = "x".repeat(100);
  private static final int RECORDS_MAX = 10;

  private final RecordedStorage host = new RecordedStorage();
  private final AtomicLong stable = new AtomicLong();
  private volatile Consumer<LogHead> atStable = head -> { };
  private SealedLog<String> log;

  @BeforeEach
  void open() {
    host.counter.register(STORE);
    LogIdentity identity = new LogIdentity(STORE, LogName.WAL, new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
    LogRecovery recovery = new LogRecovery(identity, host, identity.genesis());
    recovery.read((counter, record) -> { });
    SealedLog.Limits limits = new SealedLog.Limits(1 << 20, 3 * RECORD.length(), (long) RECORDS_MAX * RECORD.length());
    log = new SealedLog<>(
        recovery, host.counter, host.counter.bindEpoch(0), new SystemEntropy(), new SealedLogTest.Lines(),
        (records, head) -> {
          atStable.accept(head);
          stable.set(head.counter());
        }, limits);
  }

  @Test
  void whoeverAppendsTooMuchWritesItThoughNobodyWaitsForIt() {
    for (int i = 1; i <= 200; i++) {
      assertEquals(i, log.append(RECORD));
      assertTrue(i - stable.get() <= RECORDS_MAX, i + " appended, " + stable + " stable");
    }
    log.close();
    assertEquals(200, stable.get());
  }

  @Test
  void aRecordLongerThanTheLimitIsTakenAlone() {
    String longer = RECORD.repeat(RECORDS_MAX + 1);
    log.append(RECORD);
    assertEquals(2, log.append(longer));
    assertEquals(1, stable.get());
    assertEquals(3, log.append(longer));
    assertEquals(2, stable.get());
    log.close();
    assertEquals(3, stable.get());
  }

  @Test
  void whileAnotherConfirmsTheAppenderWaits() throws Exception {
    CountDownLatch confirming = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    atStable = head -> {
      confirming.countDown();
      await(mayEnd);
    };
    Thread committer = Thread.ofPlatform().start(() -> log.awaitStable(log.append(RECORD)));
    await(confirming);
    for (int i = 1; i < RECORDS_MAX; i++) {
      log.append(RECORD);
    }
    FutureTask<Long> next = new FutureTask<>(() -> log.append(RECORD));
    Thread appender = Thread.ofPlatform().start(next);
    while (appender.getState() != Thread.State.WAITING && !next.isDone()) {
      Thread.onSpinWait();
    }
    assertFalse(next.isDone());
    mayEnd.countDown();
    assertEquals(RECORDS_MAX + 1, next.get());
    committer.join();
    log.close();
    assertEquals(RECORDS_MAX + 1, stable.get());
  }

  @Test
  void anAppenderThatMeetsAFailureIsTold() {
    for (int i = 0; i < RECORDS_MAX; i++) {
      log.append(RECORD);
    }
    host.failing = RecordedStorage.Step.SYNC;
    assertEquals(ErrorCode.IO_FAILURE, assertThrows(KvException.Unavailable.class, () -> log.append(RECORD)).code());
    log.close();
    assertEquals(0, stable.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
