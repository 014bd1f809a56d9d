package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.SystemClock;

/** What a node promises as a participant in distributed transactions. */
@Timeout(60)
class ParticipantTest {

  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5));
  private static final TransactionOptions IMPATIENT_READER = TransactionOptions.READ_ONLY.withLockTimeout(Duration.ofMillis(5));
  /** Memtables of 16 KiB. */
  private static final StoreLimits SMALL =
      new StoreLimits(16 << 10, 2, 1 << 20, 4, new SealedLog.Limits(8 << 10, 1 << 20, 32 << 20));

  private static final long SECOND = 1000L << 20;

  private final AtomicLong hostMillis = new AtomicLong(1_000_000);
  private final AtomicLong aheadNanos = new AtomicLong();
  private final SystemClock system = new SystemClock();
  private final MemoryHost host = new MemoryHost(new MemorySealedStore(), new Clock() {
    @Override
    public long currentTimeMillis() {
      return hostMillis.get();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime() + aheadNanos.get();
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
      system.parkUntil(blocker, deadlineNanos - aheadNanos.get());
    }
  });
  private TransactionalStore store = host.openNode(SMALL);
  private long sequence;

  @AfterEach
  void close() {
    store.close();
  }

  private void restart() {
    store.close();
    host.inspect();
    store = host.openNode(SMALL);
  }

  private TransactionId id() {
    return new TransactionId(7, 1, ++sequence);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private Branch.Vote prepared(TransactionId id, String... keysAndValues) {
    Branch branch = store.beginBranch(id, TransactionOptions.READ_WRITE);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      branch.put(bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
    }
    return branch.prepare(0);
  }

  private void commit(String key, String value) {
    store.run(transaction -> {
      transaction.put(bytes(key), bytes(value));
      return null;
    });
  }

  private String committed(String key) {
    try (KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
      return text(reader.get(bytes(key)));
    }
  }

  private String at(long timestamp, String key) {
    try (KvTransaction reader = store.beginBranch(id(), IMPATIENT_READER, timestamp)) {
      return text(reader.get(bytes(key)));
    }
  }

  private void requireLocked(String key) {
    try (KvTransaction other = store.begin(IMPATIENT)) {
      KvException refused = assertThrows(KvException.Retryable.class, () -> other.get(bytes(key)));
      assertEquals(ErrorCode.LOCK_TIMEOUT, refused.code());
    }
  }

  /** Fills and flushes several memtables. */
  private void fill(int from) {
    for (int i = from; i < from + 60; i++) {
      commit("fill" + i, "f".repeat(1500));
    }
  }

  @Test
  void whatIsPreparedIsLockedAndInvisibleUntilItIsCommitted() {
    TransactionId id = id();
    Branch.Vote vote = prepared(id, "a", "1");
    assertEquals(List.of(id), store.inDoubt());
    requireLocked("a");
    store.commitPrepared(id, vote.timestamp() + 5);
    assertEquals("1", committed("a"));
    assertNull(at(vote.timestamp() + 4, "a"));
    assertEquals("1", at(vote.timestamp() + 5, "a"));
    assertEquals(List.of(), store.inDoubt());
    assertEquals(List.of(), store.locks().holders());
    commit("a", "2");
    assertEquals("2", committed("a"));
  }

  @Test
  void whatIsAbortedNeverWasAndItsLocksAreFree() {
    TransactionId id = id();
    prepared(id, "a", "1");
    store.abortPrepared(id);
    assertNull(committed("a"));
    commit("a", "2");
    assertEquals(List.of(), store.inDoubt());
    restart();
    assertEquals("2", committed("a"));
    assertEquals(List.of(), store.inDoubt());
  }

  @Test
  void decisionsCanBeToldTwiceAndAtOnce() {
    TransactionId commits = id();
    TransactionId aborts = id();
    long timestamp = Math.max(prepared(commits, "a", "1").timestamp(), prepared(aborts, "b", "1").timestamp());
    List<CompletableFuture<Void>> calls = IntStream.range(0, 8).mapToObj(i -> CompletableFuture.runAsync(() -> {
      if (i % 2 == 0) {
        store.commitPrepared(commits, timestamp);
        try (KvTransaction reader = store.begin()) {
          assertEquals("1", text(reader.get(bytes("a"))));
        }
      } else {
        store.abortPrepared(aborts);
      }
    })).toList();
    calls.forEach(CompletableFuture::join);
    store.abortPrepared(commits);
    store.commitPrepared(aborts, timestamp);
    assertEquals("1", committed("a"));
    assertNull(committed("b"));
    store.commitPrepared(id(), timestamp);
    store.abortPrepared(id());
    assertEquals(List.of(), store.locks().holders());
  }

  @Test
  void nothingCommitsBelowItsVote() {
    TransactionId id = id();
    Branch.Vote vote = prepared(id, "a", "1");
    assertThrows(KvException.InvalidRequest.class, () -> store.commitPrepared(id, vote.timestamp() - 1));
    assertThrows(KvException.InvalidRequest.class, () -> store.commitPrepared(id, Long.MAX_VALUE));
    requireLocked("a");
    assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(id, TransactionOptions.READ_WRITE));
    store.commitPrepared(id, vote.timestamp());
    assertEquals("1", committed("a"));
    store.beginBranch(id, TransactionOptions.READ_WRITE).rollback();
  }

  @Test
  void preparedTransactionsSurviveRestartsWithTheirLocks() {
    commit("a", "0");
    TransactionId commits = id();
    TransactionId aborts = id();
    Branch.Vote vote = prepared(commits, "a", "1", "b", "1");
    prepared(aborts, "c", "1");
    for (int boot = 0; boot < 3; boot++) {
      restart();
      assertEquals(List.of(commits, aborts), store.inDoubt());
      requireLocked("a");
      requireLocked("b");
      requireLocked("c");
      assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(commits, TransactionOptions.READ_WRITE));
    }
    store.commitPrepared(commits, vote.timestamp());
    store.abortPrepared(aborts);
    assertEquals("1", committed("a"));
    assertEquals("1", committed("b"));
    assertNull(committed("c"));
    commit("c", "2");
    restart();
    assertEquals(List.of(), store.inDoubt());
    assertEquals("1", committed("a"));
    assertEquals("2", committed("c"));
    assertEquals(List.of(), store.locks().holders());
  }

  @Test
  void flushesKeepWhatIsUndecidedOrDecidedOnlyBehindThem() {
    TransactionId late = id();
    TransactionId open = id();
    Branch.Vote vote = prepared(late, "a", "1");
    prepared(open, "b", "1");
    fill(0);
    restart();
    fill(100);
    requireLocked("a");
    store.commitPrepared(late, vote.timestamp() + 1);
    restart();
    assertEquals("1", committed0("a", open));
    fill(200);
    restart();
    fill(300);
    restart();
    assertEquals(List.of(open), store.inDoubt());
    requireLocked("b");
    store.abortPrepared(open);
    assertEquals("1", committed("a"));
    assertNull(committed("b"));
    fill(400);
    restart();
    assertEquals(List.of(), store.inDoubt());
    assertEquals("1", committed("a"));
  }

  /** Reads with a lock, as a transaction beside an undecided one. */
  private String committed0(String key, TransactionId undecided) {
    assertEquals(List.of(undecided), store.inDoubt());
    try (KvTransaction transaction = store.begin()) {
      return text(transaction.get(bytes(key)));
    }
  }

  @Test
  void timestampsOutOfTheLogsOrderAreReadRightEverywhere() {
    TransactionId id = id();
    commit("x", "0");
    Branch.Vote vote = prepared(id, "a", "1");
    commit("x", "1");
    long between = store.clock();
    commit("x", "2");
    long after = store.clock();
    assertTrue(vote.timestamp() < between && between < after);
    store.commitPrepared(id, vote.timestamp());
    // What reads at a timestamp that a restart has passed is refused; so readers stay open over the flushes.
    KvTransaction before = store.beginBranch(id(), IMPATIENT_READER, vote.timestamp() - 1);
    KvTransaction exactly = store.beginBranch(id(), IMPATIENT_READER, vote.timestamp());
    KvTransaction later = store.beginBranch(id(), IMPATIENT_READER, between);
    for (int round = 0; round < 3; round++) {
      assertNull(before.get(bytes("a")));
      assertEquals("0", text(before.get(bytes("x"))));
      assertEquals("1", text(exactly.get(bytes("a"))));
      assertEquals("0", text(exactly.get(bytes("x"))));
      assertEquals("1", text(later.get(bytes("a"))));
      assertEquals("1", text(later.get(bytes("x"))));
      fill(100 * round);
    }
    restart();
    assertEquals("1", committed("a"));
    assertEquals("2", committed("x"));
  }

  @Test
  void aSnapshotWaitsForThePreparedBelowIt() {
    TransactionId id = id();
    Branch.Vote vote = prepared(id, "a", "1");
    assertNull(at(vote.timestamp() - 1, "a"));
    KvException refused = assertThrows(
        KvException.Retryable.class, () -> store.beginBranch(id(), IMPATIENT_READER, vote.timestamp()));
    assertEquals(ErrorCode.LOCK_TIMEOUT, refused.code());
    assertThrows(KvException.Retryable.class, () -> store.begin(IMPATIENT_READER));
    CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> {
      try (KvTransaction transaction = store.beginBranch(new TransactionId(8, 1, 1), TransactionOptions.READ_ONLY, vote.timestamp() + 9)) {
        return text(transaction.get(bytes("a")));
      }
    });
    store.commitPrepared(id, vote.timestamp() + 3);
    assertEquals("1", reader.join());
  }

  @Test
  void whatIsCommittedAfterASnapshotWasReadIsAboveIt() {
    long far = store.clock() + 3 * SECOND;
    assertNull(at(far, "a"));
    commit("a", "1");
    assertTrue(store.clock() > far);
    assertNull(at(far, "a"));
    Branch branch = store.beginBranch(id(), TransactionOptions.READ_WRITE);
    branch.put(bytes("a"), bytes("2"));
    assertTrue(branch.commit(far + SECOND, Long.MAX_VALUE) > far + SECOND);
  }

  @Test
  void theClockNeverGoesBackOverARestart() {
    long told = store.clock();
    for (int boot = 0; boot < 3; boot++) {
      store.mergeClock(told + 30 * SECOND);
      told = store.clock();
      hostMillis.set(0);
      restart();
      assertTrue(store.clock() >= told, "boot " + boot);
      TransactionId id = id();
      Branch.Vote vote = prepared(id, "a" + boot, "1");
      assertTrue(vote.timestamp() > told);
      assertTrue(vote.clockLimit() >= vote.timestamp());
      fill(100 * boot);
      store.abortPrepared(id);
    }
    KvException refused = assertThrows(KvException.InvalidRequest.class, () -> store.mergeClock(Long.MAX_VALUE));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
  }

  @Test
  void aSnapshotThatComesTooLateIsRefused() {
    commit("a", "1");
    long old = store.clock() - 1;
    commit("a", "2");
    restart();
    KvException refused = assertThrows(KvException.Retryable.class, () -> at(old, "a"));
    assertEquals(ErrorCode.SERIALIZATION_CONFLICT, refused.code());
    long now = store.clock();
    commit("a", "3");
    fill(0);
    assertEquals("2", at(now, "a"));
  }

  /** A cluster's readers come some time after their timestamp was found; then their versions must still be there. */
  @Test
  void versionsAreKeptForSnapshotsThatComeAFewSecondsLate() {
    commit("a", "1");
    long then = store.clock();
    for (int second = 0; second < 8; second++) {
      aheadNanos.addAndGet(Duration.ofSeconds(1).toNanos());
      commit("a", "later" + second);
      fill(100 * second);
      assertEquals("1", at(then, "a"), "after " + second + " seconds");
    }
    aheadNanos.addAndGet(Duration.ofSeconds(10).toNanos());
    commit("a", "much later");
    KvException refused = assertThrows(KvException.Retryable.class, () -> at(then, "a"));
    assertEquals(ErrorCode.SERIALIZATION_CONFLICT, refused.code());
  }

  @Test
  void theClocksLimitIsSetAnewBeforeTheClockComesNearIt() {
    Branch.Vote first = prepared(id(), "a", "1");
    assertTrue(first.clockLimit() - first.timestamp() > 5 * SECOND);
    hostMillis.addAndGet(7_000);
    Branch.Vote next = prepared(id(), "b", "1");
    assertTrue(next.timestamp() >= first.timestamp() + 6 * SECOND);
    assertTrue(next.clockLimit() - next.timestamp() > 5 * SECOND);
  }

  @Test
  void aLoadIsNotReadHalfByWhoComesLate() {
    commit("load5", "deleted");
    long before = store.clock();
    store.run(transaction -> {
      transaction.delete(bytes("load5"));
      return null;
    });
    store.load(new KeyRange(bytes("load"), bytes("loae")), List.of(new KeyValue(bytes("load7"), bytes("1"))).iterator());
    assertEquals("1", committed("load7"));
    assertNull(committed("load5"));
    KvException refused = assertThrows(KvException.Retryable.class, () -> at(before, "load5"));
    assertEquals(ErrorCode.SERIALIZATION_CONFLICT, refused.code());
  }

  @Test
  void twoBranchesOfOneTransactionAreOneTooMany() {
    TransactionId id = id();
    try (Branch branch = store.beginBranch(id, TransactionOptions.READ_WRITE)) {
      assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(id, TransactionOptions.READ_WRITE));
      assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(id, TransactionOptions.READ_ONLY, store.clock()));
      branch.put(bytes("a"), bytes("1"));
      assertEquals(id, store.locks().holders().getFirst().transaction());
    }
    store.beginBranch(id, TransactionOptions.READ_WRITE).rollback();
  }

  @Test
  void aBranchThatHasOnlyReadKeepsItsLocksUntilItIsReleased() {
    commit("a", "1");
    Branch branch = store.beginBranch(id(), IMPATIENT.withTimeout(Duration.ofMillis(50)));
    assertEquals("1", text(branch.get(bytes("a"))));
    long floor = store.clock() + SECOND;
    Branch.Vote vote = branch.prepare(floor);
    assertTrue(vote.timestamp() > floor);
    try (KvTransaction probe = store.begin(TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(200)))) {
      assertThrows(KvException.Retryable.class, () -> probe.put(bytes("a"), bytes("2")));
    }
    assertEquals(List.of(), store.inDoubt());
    branch.release(vote.timestamp() + 5 * SECOND);
    assertTrue(store.clock() >= vote.timestamp() + 5 * SECOND);
    commit("a", "2");
  }

  @Test
  void anOptimisticBranchVotesNoIfWhatItReadHasChanged() {
    commit("a", "1");
    TransactionOptions options = TransactionOptions.OPTIMISTIC.withLockTimeout(Duration.ofMillis(5));
    Branch loser = store.beginBranch(id(), options, store.clock());
    Branch reader = store.beginBranch(id(), options, store.clock());
    assertEquals("1", text(loser.get(bytes("a"))));
    assertEquals("1", text(reader.get(bytes("a"))));
    reader.scan(KeyRange.ALL, ScanOptions.FORWARD).close();
    loser.put(bytes("b"), bytes("1"));
    commit("a", "2");
    assertThrows(KvException.Retryable.class, () -> loser.prepare(0));
    assertThrows(KvException.Retryable.class, () -> reader.prepare(0));
    assertEquals(List.of(), store.inDoubt());
    assertEquals(List.of(), store.locks().holders());
    Branch winner = store.beginBranch(id(), options, store.clock());
    assertEquals("2", text(winner.get(bytes("a"))));
    winner.put(bytes("b"), bytes("2"));
    Branch.Vote vote = winner.prepare(0);
    requireLocked("b");
    store.commitPrepared(winner.id(), vote.timestamp());
    assertEquals("2", committed("b"));
  }

  @Test
  void aCommitAboveItsCeilingIsRefused() {
    Branch branch = store.beginBranch(id(), TransactionOptions.READ_WRITE);
    branch.put(new byte[] {7}, new byte[] {7});
    long now = store.clock();
    assertThrows(KvException.Retryable.class, () -> branch.commit(now, now));
    assertNull(store.run(TransactionOptions.READ_ONLY, transaction -> transaction.get(new byte[] {7})));
  }

  @Test
  void aBranchThatReadsASnapshotBeginsWithItsTimestampAndNoOther() {
    for (TransactionOptions reading : List.of(TransactionOptions.READ_ONLY, TransactionOptions.OPTIMISTIC)) {
      assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(id(), reading));
    }
    assertThrows(KvException.InvalidRequest.class, () -> store.beginBranch(id(), TransactionOptions.READ_WRITE, store.clock()));
  }

  @Test
  void aBranchThatHasWrittenNothingIsCommittedAboveItsFloor() {
    long floor = store.clock() + 1000;
    assertTrue(store.beginBranch(id(), TransactionOptions.READ_WRITE).commit(floor, Long.MAX_VALUE) > floor);
    assertTrue(store.clock() > floor);
  }

  @Test
  void aSavepointOfAnotherTransactionIsNone() {
    try (KvTransaction mine = store.begin(TransactionOptions.READ_ONLY); KvTransaction others = store.begin(TransactionOptions.READ_ONLY);
        KvTransaction writing = store.begin()) {
      mine.rollbackTo(mine.savepoint());
      for (KvTransaction.Savepoint none : List.of(others.savepoint(), writing.savepoint())) {
        assertEquals(
            ErrorCode.INVALID_SAVEPOINT, assertThrows(KvException.InvalidRequest.class, () -> mine.rollbackTo(none)).code());
      }
    }
  }

  @Test
  void aScanThatHasEndedStaysAtItsEnd() {
    commit("a", "1");
    for (TransactionOptions options : List.of(TransactionOptions.READ_ONLY, TransactionOptions.READ_WRITE, TransactionOptions.OPTIMISTIC)) {
      try (KvTransaction transaction = store.begin(options); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
        assertTrue(cursor.next());
        for (int i = 0; i < 3; i++) {
          assertFalse(cursor.next());
        }
      }
    }
  }
}
