package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.enclave.counter.CounterCluster.HASTY;
import static org.treatydb.dist.enclave.counter.CounterCluster.OTHER;
import static org.treatydb.dist.enclave.counter.CounterCluster.PATIENT;
import static org.treatydb.dist.enclave.counter.CounterCluster.QUIET;
import static org.treatydb.dist.enclave.counter.CounterCluster.STORE;
import static org.treatydb.dist.enclave.counter.CounterCluster.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.dist.net.MemoryNetwork.Fate;
import org.treatydb.dist.net.MemoryNetwork.Standing;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

@Timeout(60)
class QuorumCounterTest {

  private static final Executor THREADS = work -> Thread.ofVirtual().start(work);

  private static void assertRefused(ErrorCode code, Runnable work) {
    assertEquals(code, assertThrows(KvException.IntegrityViolation.class, work::run).code());
  }

  private static KvException.Unavailable assertUnavailable(Runnable work) {
    return assertThrows(KvException.Unavailable.class, work::run);
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void quorumsOverlap() {
    for (int members = 1; members < 100; members++) {
      Quorums quorums = Quorums.of(members);
      assertTrue(quorums.confirmation() + quorums.recovery() > members, "a confirmation is among the answers of a recovery");
      assertTrue(2 * quorums.recovery() > members, "two boots cannot both bind an epoch");
      assertTrue(quorums.recovery() <= members);
    }
    assertEquals(new Quorums(2, 1, 2), Quorums.of(2));
    assertEquals(new Quorums(4, 2, 3), Quorums.of(4));
  }

  @Test
  void aBootFindsWhatTheOneBeforeItConfirmed() {
    for (int nodes = 2; nodes <= 5; nodes++) {
      try (CounterCluster cluster = new CounterCluster(nodes)) {
        QuorumCounter first = cluster.boot(PATIENT, true);
        assertEquals(Optional.empty(), first.read());
        first.register(STORE);
        assertEquals(Optional.of(new State(STORE, 0, Map.of())), first.read());
        assertEquals(1, first.bindEpoch(0));
        first.confirm(1, LogName.WAL, head(3));
        first.confirm(1, LogName.MANIFEST, head(1));
        first.confirm(1, LogName.WAL, head(7));
        assertRefused(ErrorCode.FENCED, () -> first.confirm(1, LogName.WAL, head(7)));
        first.close();

        QuorumCounter second = cluster.boot(PATIENT);
        State state = new State(STORE, 1, Map.of(LogName.WAL, head(7), LogName.MANIFEST, head(1)));
        assertEquals(Optional.of(state), second.read());
        assertEquals(2, second.bindEpoch(1));
        second.confirm(2, LogName.WAL, head(8));
        assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> second.register(OTHER));
      }
    }
  }

  /** As if a node's directory was emptied after its first start had failed, when one member was down the second time, another the first. */
  @Test
  void aStoreThatWasRegisteredAndNeverUsedStandsInNobodysWay() {
    for (int epochs = 0; epochs <= 2; epochs++) {
      try (CounterCluster cluster = new CounterCluster(4)) {
        cluster.network.cutOff(4);
        QuorumCounter first = cluster.boot(PATIENT, true);
        first.register(OTHER);
        for (int i = 0; i < epochs; i++) {
          QuorumCounter boot = cluster.boot(PATIENT, true);
          boot.bindEpoch(boot.read().orElseThrow().bootEpoch());
          boot.close();
        }
        cluster.network.mend(4);
        cluster.network.cutOff(2);
        QuorumCounter second = cluster.boot(PATIENT, true);
        second.register(STORE);
        cluster.network.mend(2);
        for (int down = 2; down <= 4; down++) {
          cluster.network.cutOff(down);
          assertEquals(STORE, cluster.boot(PATIENT).read().orElseThrow().store());
          cluster.network.mend(down);
        }
        long epoch = second.bindEpoch(second.read().orElseThrow().bootEpoch());
        cluster.network.cutOff(3);
        second.confirm(epoch, LogName.WAL, head(1));
        cluster.network.mend(3);
        second.confirm(epoch, LogName.WAL, head(2));
        second.close();
        QuorumCounter third = cluster.boot(PATIENT);
        assertEquals(head(2), third.read().orElseThrow().heads().get(LogName.WAL));
        assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> third.register(OTHER));
      }
    }
  }

  @Test
  void aNodeAloneIsRefused() {
    KvException refused = assertThrows(
        KvException.InvalidRequest.class,
        () -> new QuorumCounter(
            1, List.of(), true, null, new CounterCluster.TestClock(), PATIENT, new SystemClock(), new SystemEntropy(), Thread::new));
    assertTrue(refused.getMessage().contains("counter file"), refused.getMessage());
  }

  @Test
  void aMinorityThatIsDownStopsNothing() {
    try (CounterCluster cluster = new CounterCluster(5)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      // Three of four are enough for an epoch: the last one may not know of it yet.
      for (int left : new int[] {4, 5}) {
        cluster.network.await(1, message -> message.to() == left && CounterCluster.is(message, CounterRequest.Confirm.class));
      }
      cluster.network.cutOff(2);
      cluster.network.cutOff(3);
      for (int i = 1; i <= 20; i++) {
        counter.confirm(1, LogName.WAL, head(i));
      }
      cluster.network.mend(3);
      counter.close();
      assertEquals(head(20), cluster.boot(PATIENT).read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void withoutAQuorumItSaysWhoIsMissingAndGoesOnWhenTheyAreBack() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(HASTY);
      cluster.network.cutOff(2);
      cluster.network.cutOff(3);
      String message = assertUnavailable(() -> counter.confirm(1, LogName.WAL, head(1))).getMessage();
      assertTrue(message.contains("node 2 (") && message.contains("node 3 ("), message);
      cluster.network.mend(3);
      counter.confirm(1, LogName.WAL, head(2));
      cluster.network.mend(2);
      counter.close();
      assertEquals(head(2), cluster.boot(PATIENT).read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void aMemberThatAnswersSlowlyHoldsUpNobodyAndHasOneCallAtATime() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      List<String> asked = new CopyOnWriteArrayList<>();
      Standing held = cluster.network.hold(message -> message.to() == 3 && asked.add(message.toString()));
      for (int i = 1; i <= 100; i++) {
        counter.confirm(1, LogName.WAL, head(i));
      }
      assertTrue(asked.size() <= 1, asked.size() + " calls are under way");
      held.close();
      counter.confirm(1, LogName.WAL, head(101));
    }
  }

  @Test
  void whatComesDuringARoundGoesIntoTheNextAsOne() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(QUIET);
      cluster.network.await(1, each -> each.to() == 2 && CounterCluster.is(each, CounterRequest.Confirm.class));
      cluster.network.cutOff(3);
      int before = cluster.network.delivered(each -> CounterCluster.is(each, CounterRequest.Store.class) && each.to() == 2).size();
      Standing held = cluster.network.hold(message -> CounterCluster.is(message, CounterRequest.Store.class) && message.to() == 2);
      List<CompletableFuture<Void>> confirmed = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        LogName log = LogName.values()[i % 3];
        long head = i / 3 + 1;
        CompletableFuture<Void> done = new CompletableFuture<>();
        confirmed.add(done);
        awaitParked(Thread.ofVirtual().start(() -> {
          counter.confirm(1, log, head(head));
          done.complete(null);
        }));
      }
      assertTrue(confirmed.stream().noneMatch(CompletableFuture::isDone));
      held.close();
      confirmed.forEach(CompletableFuture::join);
      int after = cluster.network.delivered(each -> CounterCluster.is(each, CounterRequest.Store.class) && each.to() == 2).size();
      assertEquals(2, after - before, "one round was under way, and one carried the rest");
    }
  }

  @Test
  void aMemberRestartedBetweenItsEchoAndItsConfirmationIsNotCounted() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(HASTY);
      counter.confirm(1, LogName.WAL, head(1));
      cluster.network.await(1, each -> each.to() == 3 && CounterCluster.is(each, CounterRequest.Confirm.class));
      cluster.network.cutOff(3);
      Standing restarts = cluster.network.order(message -> {
        boolean second = message.to() == 2 && CounterCluster.is(message, CounterRequest.Confirm.class)
            && ((CounterRequest.Confirm) CounterCluster.decode(message).body()).state().heads().get(LogName.WAL).counter() == 2;
        if (second) {
          cluster.restart(2);
        }
        return null;
      });
      assertUnavailable(() -> counter.confirm(1, LogName.WAL, head(2)));
      restarts.close();
      Runnable told = cluster.told(2);
      cluster.network.mend(3);
      counter.confirm(1, LogName.WAL, head(3));
      told.run();
      counter.close();
      assertEquals(head(3), cluster.boot(PATIENT).read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void anIdleNodeTellsAMemberThatWasRestarted() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      counter.confirm(1, LogName.WAL, head(5));
      for (int member : new int[] {2, 3, 2, 3}) {
        Runnable told = cluster.told(member);
        cluster.restart(member);
        told.run();
      }
      counter.close();
      assertEquals(head(5), cluster.boot(PATIENT).read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void ofTwoBootsThatWantAnEpochAtMostOneGetsIt() {
    for (int nodes = 2; nodes <= 5; nodes++) {
      for (int attempt = 0; attempt < 20; attempt++) {
        try (CounterCluster cluster = new CounterCluster(nodes)) {
          cluster.boot(PATIENT, true).register(STORE);
          QuorumCounter one = cluster.boot(PATIENT);
          QuorumCounter other = cluster.boot(PATIENT);
          one.read();
          other.read();
          List<CompletableFuture<Long>> bound =
              Stream.of(one, other).map(each -> CompletableFuture.supplyAsync(() -> each.bindEpoch(0), THREADS)).toList();
          long failures = bound.stream().filter(each -> each.handle((_, failure) -> isFenced(failure)).join()).count();
          assertTrue(failures >= 1, "both have bound an epoch");
        }
      }
    }
  }

  private static boolean isFenced(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() instanceof KvException.IntegrityViolation violation
        && violation.code() == ErrorCode.FENCED;
  }

  @Test
  void aBootThatDiedBetweenItsPromisesIsFollowedByAnother() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter first = cluster.firstBoot(QUIET);
      cluster.network.cutOff(3);
      first.confirm(1, LogName.WAL, head(1));
      first.close();
      cluster.network.mend(3);
      Standing lost = cluster.network.lose(message -> CounterCluster.is(message, CounterRequest.Bind.class) && message.to() == 2);
      QuorumCounter dies = cluster.boot(QUIET);
      dies.read();
      CompletableFuture<Long> bound = CompletableFuture.supplyAsync(() -> dies.bindEpoch(1), THREADS);
      cluster.network.await(2, message -> CounterCluster.is(message, CounterRequest.Bind.class) && message.to() == 3);
      dies.close();
      assertThrows(CompletionException.class, bound::join);
      lost.close();
      QuorumCounter next = cluster.boot(QUIET);
      assertEquals(Optional.of(new State(STORE, 2, Map.of(LogName.WAL, head(1)))), next.read());
      assertEquals(3, next.bindEpoch(2));
      next.confirm(3, LogName.WAL, head(2));
    }
  }

  @Test
  void aBootThatIsRefusedSinceADeadOnesMessageCameLateMayReadAndBindAgain() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      cluster.firstBoot(QUIET).close();
      QuorumCounter dies = cluster.boot(QUIET);
      dies.read();
      CountDownLatch sent = new CountDownLatch(2);
      Standing late = cluster.network.hold(message -> {
        boolean binds = CounterCluster.is(message, CounterRequest.Bind.class);
        if (binds) {
          sent.countDown();
        }
        return binds;
      });
      CompletableFuture<Long> bound = CompletableFuture.supplyAsync(() -> dies.bindEpoch(1), THREADS);
      assertDoesNotThrow(() -> sent.await());
      dies.close();
      assertThrows(CompletionException.class, bound::join);
      QuorumCounter next = cluster.boot(QUIET);
      assertEquals(1, next.read().orElseThrow().bootEpoch());
      late.close();
      cluster.network.await(4, message -> CounterCluster.is(message, CounterRequest.Bind.class));
      assertRefused(ErrorCode.FENCED, () -> next.bindEpoch(1));
      assertEquals(2, next.read().orElseThrow().bootEpoch());
      assertEquals(3, next.bindEpoch(2));
      next.confirm(3, LogName.WAL, head(1));
    }
  }

  @Test
  void anOlderBootConfirmsNothingAnyMore() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter old = cluster.firstBoot(QUIET);
      old.confirm(1, LogName.WAL, head(1));
      QuorumCounter taken = cluster.boot(QUIET);
      taken.read();
      assertEquals(2, taken.bindEpoch(1));
      assertRefused(ErrorCode.FENCED, () -> old.confirm(1, LogName.WAL, head(2)));
      assertRefused(ErrorCode.FENCED, () -> old.confirm(1, LogName.CLOG, head(1)));
      assertEquals(head(1), cluster.boot(QUIET).read().orElseThrow().heads().get(LogName.WAL));
      taken.confirm(2, LogName.WAL, head(2));
    }
  }

  @Test
  void withoutTheCheckOfEpochsAnOlderBootGoesOn() {
    try (CounterCluster cluster = CounterCluster.without(3, CounterCheck.EPOCH)) {
      QuorumCounter old = cluster.firstBoot(QUIET);
      QuorumCounter taken = cluster.boot(QUIET);
      taken.read();
      taken.bindEpoch(1);
      old.confirm(1, LogName.WAL, head(2));
    }
  }

  @Test
  void aBootThatHasReadBeforeTheOldOneConfirmedMoreBindsNothing() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter old = cluster.firstBoot(QUIET);
      QuorumCounter slow = cluster.boot(QUIET);
      slow.read();
      old.confirm(1, LogName.WAL, head(1));
      assertRefused(ErrorCode.FENCED, () -> slow.bindEpoch(1));
      old.confirm(1, LogName.WAL, head(2));
    }
  }

  @Test
  void aMemberRestartedWhileItPromisedAnEpochIsAskedAgain() {
    try (CounterCluster cluster = new CounterCluster(5)) {
      QuorumCounter old = cluster.firstBoot(PATIENT);
      old.confirm(1, LogName.WAL, head(1));
      QuorumCounter next = cluster.boot(PATIENT);
      next.read();
      boolean[] restarted = {false};
      Standing restarts = cluster.network.order(message -> {
        if (!restarted[0] && message.to() == 2 && CounterCluster.is(message, CounterRequest.Verify.class)) {
          restarted[0] = true;
          cluster.restart(2);
        }
        return null;
      });
      assertEquals(2, next.bindEpoch(1));
      restarts.close();
      next.confirm(2, LogName.WAL, head(2));
      assertRefused(ErrorCode.FENCED, () -> old.confirm(1, LogName.WAL, head(2)));
    }
  }

  /** Without the second question, the old boot would have members 2 and 5, the new one 3 and 4. */
  @Test
  void aPromiseThatWasForgottenBeforeTheOthersWereGivenDoesNotCount() throws InterruptedException {
    try (CounterCluster cluster = new CounterCluster(5)) {
      QuorumCounter old = cluster.firstBoot(PATIENT);
      old.confirm(1, LogName.WAL, head(1));
      QuorumCounter next = cluster.boot(PATIENT);
      next.read();
      Standing held = cluster.network.hold(
          message -> CounterCluster.is(message, CounterRequest.Bind.class) && (message.to() == 3 || message.to() == 4));
      cluster.network.lose(message -> CounterCluster.is(message, CounterRequest.Bind.class) && message.to() == 5);
      cluster.network.lose(message -> CounterCluster.is(message, CounterRequest.Store.class)
          && ((CounterRequest.Store) CounterCluster.decode(message).body()).state().bootEpoch() == 2
          && (message.to() == 2 || message.to() == 5));
      Standing unnoticed = cluster.network.lose(message -> CounterCluster.is(message, CounterRequest.Store.class) && message.to() == 2);
      CountDownLatch promised = new CountDownLatch(1);
      AtomicReference<Thread> asking = new AtomicReference<>();
      cluster.network.order(message -> {
        if (message.to() == 2 && CounterCluster.is(message, CounterRequest.Bind.class)) {
          asking.set(Thread.currentThread());
        } else if (message.isReply() && asking.get() == Thread.currentThread()) {
          promised.countDown();
        }
        return null;
      });
      CompletableFuture<Long> bound = CompletableFuture.supplyAsync(() -> next.bindEpoch(1), THREADS);
      promised.await();
      Runnable told = cluster.told(2);
      cluster.stop(2);
      cluster.disks.get(2).bytes = null;
      cluster.start(2);
      unnoticed.close();
      told.run();
      cluster.network.lose(message -> CounterCluster.is(message, CounterRequest.Store.class)
          && ((CounterRequest.Store) CounterCluster.decode(message).body()).state().bootEpoch() == 1
          && (message.to() == 3 || message.to() == 4));
      held.close();
      assertEquals(2, bound.join());
      assertRefused(ErrorCode.FENCED, () -> old.confirm(1, LogName.WAL, head(2)));
    }
  }

  @Test
  void aBootThatSleptCannotBringThePastToMembersThatForgot() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter asleep = cluster.firstBoot(HASTY);
      asleep.confirm(1, LogName.WAL, head(1));
      BootNonce sleeper = cluster.network.delivered(each -> CounterCluster.is(each, CounterRequest.Confirm.class)).stream()
          .map(each -> CounterCluster.decode(each).boot()).findFirst().orElseThrow();
      Standing suspended = cluster.network.order(message ->
          !message.isReply() && CounterCluster.decode(message).boot().equals(sleeper) ? Fate.LOST : null);
      QuorumCounter awake = cluster.boot(PATIENT);
      awake.read();
      awake.bindEpoch(1);
      awake.confirm(2, LogName.WAL, head(2));
      awake.close();
      cluster.disks.get(2).bytes = null;
      cluster.disks.get(3).bytes = null;
      cluster.restartAtOnce(2, 3);
      cluster.disks.get(2).bytes = null;
      cluster.disks.get(3).bytes = null;
      cluster.restartAtOnce(2, 3);
      suspended.close();
      assertUnavailable(() -> asleep.confirm(1, LogName.WAL, head(2)));
      assertUnavailable(() -> cluster.boot(HASTY).read());
    }
  }

  @Test
  void aMemberThatIsFencedItselfDoesNotFenceThoseItCountsFor() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(HASTY);
      cluster.network.cutOff(3);
      cluster.clocks.get(2).fence();
      assertUnavailable(() -> counter.confirm(1, LogName.WAL, head(1)));
    }
  }

  @Test
  void membersTakeTheClockOverThatComesWithAConfirmationButNotTheOtherWayRound() {
    // A node's clock may have to wait for the node's log, which waits for its counter: that must not wait for the clock.
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(QUIET);
      cluster.network.cutOff(3);
      cluster.clocks.get(1).merge(100);
      counter.confirm(1, LogName.WAL, head(1));
      assertEquals(100, cluster.clocks.get(2).now());
      cluster.clocks.get(2).merge(200);
      counter.confirm(1, LogName.WAL, head(2));
      assertEquals(100, cluster.clocks.get(1).now());
    }
  }

  @Test
  void messagesThatComeTwiceChangeNothing() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      cluster.network.doubles(_ -> true);
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      for (int i = 1; i <= 10; i++) {
        counter.confirm(1, LogName.WAL, head(i));
      }
      counter.close();
      assertEquals(head(10), cluster.boot(PATIENT).read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void whoWaitsWhenTheCounterIsClosedIsTold() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      cluster.network.cutOff(1);
      CompletableFuture<Throwable> failed = new CompletableFuture<>();
      awaitParked(Thread.ofVirtual().start(() ->
          failed.complete(assertThrows(KvException.Closed.class, () -> counter.confirm(1, LogName.WAL, head(1))))));
      counter.close();
      failed.join();
      assertThrows(KvException.Closed.class, () -> counter.confirm(1, LogName.WAL, head(2)));
    }
  }
}
