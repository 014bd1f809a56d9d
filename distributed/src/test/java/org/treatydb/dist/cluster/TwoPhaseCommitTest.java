package org.treatydb.dist.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/** Commits over several nodes: all or nothing, whoever goes silent or ends in the middle. */
@Timeout(120)
class TwoPhaseCommitTest {

  private static final ShardMap SHARDS =
      new ShardMap(1, List.of(new Shard(new byte[0], 1), new Shard(new byte[] {20}, 2), new Shard(new byte[] {30}, 3)));

  private static final byte[] ON_1 = {10};
  private static final byte[] ON_2 = {20};
  private static final byte[] ON_3 = {30};
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofSeconds(3));

  @TempDir Path directory;
  private LocalCluster cluster;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void start() {
    cluster = new LocalCluster(directory, 3, SHARDS);
    cluster.store(1).run(transaction -> {
      List.of(ON_1, ON_2, ON_3).forEach(key -> transaction.put(key, OLD));
      return null;
    });
  }

  @AfterEach
  void end() {
    cluster.network.heal();
    cluster.close();
    threads.shutdownNow();
  }

  private byte[] read(int node, byte[] key) {
    return cluster.store(node).run(TransactionOptions.READ_ONLY, transaction -> transaction.get(key));
  }

  private void writeFrom(int node, byte[]... keys) {
    try (KvTransaction transaction = cluster.store(node).begin(IMPATIENT)) {
      for (byte[] key : keys) {
        transaction.put(key, NEW);
      }
      transaction.commit();
    }
  }

  private void assertEverywhere(byte[] value, byte[]... keys) {
    for (int node = 1; node <= 3; node++) {
      for (byte[] key : keys) {
        assertArrayEquals(value, read(node, key), "key " + key[0] + " seen from node " + node);
      }
    }
  }

  private void assertNothingIsLeftLocked() {
    for (int node = 1; node <= 3; node++) {
      writeFrom(node, ON_1, ON_2, ON_3);
    }
  }

  @Test
  void whatOneNodeCommitsEveryNodeReads() {
    writeFrom(2, ON_1, ON_3);
    assertEverywhere(NEW, ON_1, ON_3);
    assertEverywhere(OLD, ON_2);
  }

  @Test
  void aScanGoesOverTheNodesInKeyOrderBothWays() {
    try (KvTransaction transaction = cluster.store(3).begin()) {
      transaction.delete(ON_2);
      transaction.put(new byte[] {25}, NEW);
      assertEquals(List.of(10, 25, 30), keys(transaction, ScanOptions.FORWARD));
      assertEquals(List.of(30, 25, 10), keys(transaction, ScanOptions.REVERSE));
    }
  }

  private static List<Integer> keys(KvTransaction transaction, ScanOptions options) {
    List<Integer> keys = new ArrayList<>();
    try (KvCursor rows = transaction.scan(new KeyRange(new byte[0], null), options)) {
      while (rows.next()) {
        keys.add((int) rows.key()[0]);
      }
    }
    return keys;
  }

  @Test
  void aDecisionThatDoesNotArriveIsAskedForAndRepeated() {
    cluster.network.lose((_, request) -> request instanceof BranchRequest.Commit);
    writeFrom(1, ON_2, ON_3);
    cluster.network.heal();
    assertEverywhere(NEW, ON_2, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void aDecisionSurvivesTheEndOfItsCoordinator() {
    cluster.network.lose((_, request) -> request instanceof BranchRequest.Commit);
    writeFrom(1, ON_2, ON_3);
    cluster.stop(1);
    assertEquals(1, cluster.node(2).local().inDoubt().size());
    cluster.network.heal();
    cluster.start(1);
    assertEverywhere(NEW, ON_2, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void aParticipantThatEndsBeforeTheDecisionArrivesLearnsItWhenItIsBack() {
    cluster.network.lose((node, request) -> node == 3 && request instanceof BranchRequest.Commit);
    writeFrom(1, ON_2, ON_3);
    cluster.stop(3);
    cluster.network.heal();
    cluster.start(3);
    assertEverywhere(NEW, ON_2, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void aTransactionWhoseCoordinatorEndsBeforeItDecidesIsUndone() throws InterruptedException {
    CountDownLatch voting = new CountDownLatch(1);
    cluster.network.lose((node, request) -> {
      if (node == 3 && request instanceof BranchRequest.Prepare) {
        voting.countDown();
        return true;
      }
      return false;
    });
    Future<?> commit = threads.submit(() -> writeFrom(1, ON_2, ON_3));
    assertTrue(voting.await(30, TimeUnit.SECONDS));
    cluster.stop(1);
    assertThrows(ExecutionException.class, commit::get);
    cluster.network.heal();
    cluster.start(1);
    assertEverywhere(OLD, ON_2, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void aNodeThatDoesNotVoteMeansNo() {
    cluster.network.lose((node, request) -> node == 3 && request instanceof BranchRequest.Prepare);
    KvException refused = assertThrows(KvException.Retryable.class, () -> writeFrom(1, ON_2, ON_3));
    assertEquals(ErrorCode.NODE_UNREACHABLE, refused.code());
    cluster.network.heal();
    assertEverywhere(OLD, ON_2, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void requestsWhoseAnswersAreLostAreExecutedOnce() {
    AtomicInteger attempts = new AtomicInteger();
    cluster.store(2).run(transaction -> {
      byte[] value = transaction.getForUpdate(ON_3);
      transaction.put(ON_3, new byte[] {(byte) (value[0] + 1)});
      cluster.network.loseReplies(2, 3);
      threads.submit(() -> {
        Thread.sleep(300);
        cluster.network.heal();
        return null;
      });
      attempts.incrementAndGet();
      return null;
    });
    assertEquals(1, attempts.get());
    assertEverywhere(new byte[] {2}, ON_3);
  }

  @Test
  void aCommitWhoseOneNodeGoesSilentIsOfUnknownOutcome() {
    try (KvTransaction transaction = cluster.store(2).begin(IMPATIENT)) {
      transaction.get(ON_1);
      transaction.put(ON_3, NEW);
      cluster.network.loseReplies(2, 3);
      assertThrows(KvException.UnknownOutcome.class, transaction::commit);
    }
    cluster.network.heal();
    assertEverywhere(NEW, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void aCommitThatIsRepeatedAtALaterBootIsNotExecutedAgain() throws Exception {
    cluster.network.loseReplies(1, 3);
    Future<?> commit = threads.submit(() -> writeFrom(1, ON_3));
    while (!Arrays.equals(NEW, read(2, ON_3))) {
      Thread.onSpinWait();
    }
    cluster.stop(3);
    cluster.start(3);
    byte[] later = {3};
    cluster.store(2).run(transaction -> {
      transaction.put(ON_3, later);
      return null;
    });
    cluster.network.heal();
    ExecutionException ended = assertThrows(ExecutionException.class, commit::get);
    assertInstanceOf(KvException.UnknownOutcome.class, ended.getCause());
    assertEverywhere(later, ON_3);
  }

  @Test
  void aTransactionThatLosesABranchToARestartDoesNotCommit() {
    try (KvTransaction transaction = cluster.store(1).begin(IMPATIENT)) {
      assertArrayEquals(OLD, transaction.get(ON_2));
      transaction.put(ON_3, NEW);
      cluster.stop(2);
      cluster.start(2);
      KvException refused = assertThrows(KvException.Retryable.class, transaction::commit);
      assertEquals(ErrorCode.BRANCH_LOST, refused.code());
    }
    assertEverywhere(OLD, ON_3);
    assertNothingIsLeftLocked();
  }

  @Test
  void locksOfACoordinatorThatEndsAreReleased() {
    KvTransaction abandoned = cluster.store(1).begin();
    abandoned.getForUpdate(ON_2);
    cluster.network.lose((_, request) -> request instanceof BranchRequest.Abort);
    cluster.stop(1);
    cluster.network.heal();
    cluster.start(1);
    writeRetrying(ON_2);
    assertEverywhere(NEW, ON_2);
  }

  private void writeRetrying(byte[] key) {
    cluster.store(1).run(IMPATIENT, transaction -> {
      transaction.put(key, NEW);
      return null;
    });
  }

  @Test
  void aDeadlockOverTwoNodesEndsAtOnce() throws Exception {
    CountDownLatch bothHold = new CountDownLatch(2);
    long begun = System.nanoTime();
    Future<Boolean> one = threads.submit(() -> locksBoth(1, ON_2, ON_3, bothHold));
    Future<Boolean> other = threads.submit(() -> locksBoth(1, ON_3, ON_2, bothHold));
    assertTrue(one.get() ^ other.get(), "one of two must give way");
    assertTrue(System.nanoTime() - begun < TransactionOptions.LOCK_TIMEOUT_DEFAULT.toNanos(), "and not by a timeout");
  }

  private boolean locksBoth(int node, byte[] first, byte[] second, CountDownLatch bothHold) throws InterruptedException {
    try (KvTransaction transaction = cluster.store(node).begin()) {
      transaction.getForUpdate(first);
      bothHold.countDown();
      bothHold.await();
      transaction.getForUpdate(second);
      transaction.commit();
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.DEADLOCK, e.code());
      return false;
    }
  }

  @Test
  void aSnapshotIsReadAlthoughWritersHoldTheirLocks() {
    try (KvTransaction writer = cluster.store(1).begin()) {
      writer.getForUpdate(ON_2);
      writer.put(ON_2, NEW);
      assertArrayEquals(OLD, read(3, ON_2));
      assertNull(read(3, new byte[] {21}));
      writer.commit();
    }
    assertArrayEquals(NEW, read(3, ON_2));
  }

  @Test
  void aNodeWhoseDecisionsWereChangedGivesItsDirectoryBackWhenItIsRefused() throws IOException {
    writeFrom(3, ON_1, ON_2);
    cluster.stop(3);
    try (Stream<Path> files = Files.walk(directory.resolve("node-3"))) {
      for (Path segment : files.filter(file -> file.getParent().endsWith("clog")).toList()) {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[0] ^= 1;
        Files.write(segment, bytes);
      }
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThrows(KvException.IntegrityViolation.class, () -> cluster.start(3));
    }
  }

  @Test
  void aMajorityIsEnoughToReadAndWriteWhatItHas() {
    cluster.stop(3);
    writeFrom(1, ON_1, ON_2);
    assertArrayEquals(NEW, read(2, ON_1));
    cluster.start(3);
    assertEverywhere(NEW, ON_1, ON_2);
  }
}
