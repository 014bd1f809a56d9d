package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.history.History;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;
import org.treatydb.kv.workload.ChosenConcurrency;
import org.treatydb.kv.workload.ChosenConcurrency.Choice;
import org.treatydb.kv.workload.HurriedStore;
import org.treatydb.kv.workload.Workers;
import org.treatydb.kv.workload.Workload;

/**
 * Random concurrent work that meets the limits of locks, snapshots, time and memory all the while: what is refused has no effect and leaves
 * no lock behind, and what is not refused is strictly serializable.
 */
class NarrowLimitsTest {

  /**
   * What must be met. Snapshots that are too old are met, too, but too seldom to ask for, and optimistic ones under another code; so are
   * optimistic transactions that find no room for their locks, which they hold for a moment only.
   */
  private static final Set<ErrorCode> REFUSALS = EnumSet.of(
      ErrorCode.TOO_MANY_UNCOMMITTED_WRITES, ErrorCode.TRANSACTION_TIMEOUT, ErrorCode.IDLE_TIMEOUT);
  private static final Set<ErrorCode> REFUSALS_OF_WHO_HOLDS_LOCKS = EnumSet.of(
      ErrorCode.OUT_OF_LOCK_MEMORY, REFUSALS.toArray(ErrorCode[]::new));

  /** So often each workload runs, until each refusal was met. */
  private static final int ROUNDS_MAX = 10;

  private static final int THREADS = 24;
  private static final int TRANSACTIONS = 600;
  private static final int BOOTS = 2;

  private static final int ESCALATION_LOCKS = 4;
  /** By turns there is little room for locks, or less for writes: who finds none for the one does not get as far as the other. */
  private static final int[] LOCKS_MAX = {10, 1000};
  private static final int[] UNCOMMITTED_BYTES_MAX = {900, 300};
  private static final Duration SNAPSHOT_AGE_MAX = Duration.ofMillis(3);
  /** A few transactions make a flush. */
  private static final StoreLimits STORE = new StoreLimits(3 << 10, 2, 16 << 10, 3, new SealedLog.Limits(16 << 10, 8 << 10, 64 << 10));

  private final long seed = Long.getLong("seed", System.nanoTime());

  /** More rounds, each with its seed, make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @ParameterizedTest
  @EnumSource(Choice.class)
  void whatIsRefusedHasNoEffect(Choice choice, TestReporter reporter) {
    Set<ErrorCode> wanted = choice == Choice.OPTIMISTIC ? REFUSALS : REFUSALS_OF_WHO_HOLDS_LOCKS;
    Map<ErrorCode, Integer> refusals = new ConcurrentHashMap<>();
    for (int round = 0; round < rounds || round < ROUNDS_MAX && !refusals.keySet().containsAll(wanted); round++) {
      for (Workload.Kind kind : Workload.Kind.values()) {
        try {
          TemporaryStore place = new TemporaryStore(directory.resolve(kind + "-" + round));
          History history = work(place, narrow(place, round % 2), kind, choice, new Random(seed + round), refusals);
          assertTrue(history.count(Outcome.COMMITTED) > 0, "nothing was committed");
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(
              "replay with -Dtest=NarrowLimitsTest -Dseed=" + (seed + round) + ", " + kind + " " + choice + ": " + e.getMessage(), e);
        }
      }
    }
    reporter.publishEntry("refusals", refusals.toString());
    assertTrue(refusals.keySet().containsAll(wanted), refusals::toString);
  }

  private static EmbeddedStoreOptions narrow(TemporaryStore place, int turn) {
    TransactionLimits limits = TransactionLimits.DEFAULT.withSnapshotAgeMax(SNAPSHOT_AGE_MAX);
    return place.options()
        .withLockLimits(new LockLimits(ESCALATION_LOCKS, LOCKS_MAX[turn]))
        .withTransactionLimits(limits.withUncommittedBytesMax(UNCOMMITTED_BYTES_MAX[turn]));
  }

  private static History work(
      TemporaryStore place, EmbeddedStoreOptions narrow, Workload.Kind kind, Choice choice, Random random,
      Map<ErrorCode, Integer> refusals) {
    HistoryRecorder recorder = new HistoryRecorder();
    Workload workload = kind.create(recorder, 0);
    for (int boot = 0; boot < BOOTS; boot++) {
      try (EmbeddedStore store = place.open()) {
        workload.prepare(store);
      }
      try (EmbeddedStore store = EmbeddedStore.open(place.data, narrow, STORE)) {
        HurriedStore hurried = new HurriedStore(new ChosenConcurrency(store, choice), refusals);
        Thread.Builder builder = random.nextBoolean() ? Thread.ofPlatform() : Thread.ofVirtual();
        new Workers(builder, THREADS, workload, hurried, random, TRANSACTIONS / BOOTS, false).await();
        hurried.checkNothingIsLeft();
      }
    }
    try (EmbeddedStore store = place.open()) {
      workload.readEverything(store);
    }
    History history = recorder.history();
    kind.check(history);
    return history;
  }
}
