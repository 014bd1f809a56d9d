package org.treatydb.kv.enclave.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.enclave.lock.LockMode.EXCLUSIVE;
import static org.treatydb.kv.enclave.lock.LockMode.SHARED;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.host.system.SystemClock;

@Timeout(60)
class LockTableTest {

  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);
  private static final long NO_TIME = 0;

  private final LockTable table = new LockTable(new SystemClock(), LockLimits.DEFAULT);
  private long age;

  private LockOwner owner() {
    return Owners.aged(++age);
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyRange range(String from, String to) {
    return new KeyRange(key(from), key(to));
  }

  private boolean isFree(LockOwner owner, String key, LockMode mode) {
    try {
      table.lockKey(owner, key(key), mode, NO_TIME);
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.LOCK_TIMEOUT, e.code());
      return false;
    }
  }

  private boolean isFree(LockOwner owner, KeyRange range, LockMode mode) {
    try {
      table.lockRange(owner, range, mode, NO_TIME);
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.LOCK_TIMEOUT, e.code());
      return false;
    }
  }

  /** Starts a request in a thread of its own, and returns once it waits. */
  private CompletableFuture<Void> waiting(LockOwner owner, Runnable request) {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    Thread thread = Thread.ofPlatform().start(() -> {
      try {
        request.run();
        outcome.complete(null);
      } catch (Throwable e) {
        outcome.completeExceptionally(e);
      }
    });
    while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING && !outcome.isDone()) {
      Thread.onSpinWait();
    }
    return outcome;
  }

  private CompletableFuture<Void> waitingForKey(LockOwner owner, String key, LockMode mode) {
    return waiting(owner, () -> table.lockKey(owner, key(key), mode, LONG_NANOS));
  }

  private static KvException failure(CompletableFuture<Void> outcome) {
    return (KvException) assertThrows(CompletionException.class, outcome::join).getCause();
  }

  @Test
  void sharedLocksGoTogetherAndExclusiveOnesDoNot() {
    LockOwner a = owner();
    LockOwner b = owner();
    assertTrue(isFree(a, "k", SHARED));
    assertTrue(isFree(b, "k", SHARED));
    assertFalse(isFree(b, "k", EXCLUSIVE));
    table.releaseAll(a);
    assertTrue(isFree(b, "k", EXCLUSIVE), "its own shared lock is upgraded");
    assertFalse(isFree(a, "k", SHARED));
    assertTrue(isFree(a, "other", EXCLUSIVE));
    table.releaseAll(b);
    assertTrue(isFree(a, "k", EXCLUSIVE));
    assertTrue(isFree(a, "k", SHARED), "what is held exclusively is held");
  }

  @Test
  void rangesKeepPhantomsOut() {
    LockOwner reader = owner();
    LockOwner writer = owner();
    assertTrue(isFree(reader, range("b", "d"), SHARED));
    assertFalse(isFree(writer, "b", EXCLUSIVE), "the start belongs to the range");
    assertFalse(isFree(writer, "c-not-there-yet", EXCLUSIVE));
    assertTrue(isFree(writer, "d", EXCLUSIVE), "the end does not");
    assertTrue(isFree(writer, "a", EXCLUSIVE));
    assertTrue(isFree(writer, "c", SHARED));
    assertTrue(isFree(reader, "c2", EXCLUSIVE), "one's own range does not hinder");
    assertFalse(isFree(reader, new KeyRange(key("a"), null), SHARED), "an endless range meets the keys in it");
    assertFalse(isFree(writer, range("a", "c"), EXCLUSIVE));
    assertTrue(isFree(writer, range("e", "e"), EXCLUSIVE), "an empty range meets nothing");
    table.releaseAll(reader);
    assertTrue(isFree(writer, range("b", "d"), EXCLUSIVE));
    assertFalse(isFree(reader, range("c", "z"), SHARED));
  }

  @Test
  void waitersComeInTheOrderOfTheirArrival() {
    LockOwner holder = owner();
    table.lockKey(holder, key("k"), EXCLUSIVE, NO_TIME);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      LockOwner waiter = owner();
      waiters.add(waiting(waiter, () -> {
        table.lockKey(waiter, key("k"), EXCLUSIVE, LONG_NANOS);
        order.add(number);
        table.releaseAll(waiter);
      }));
    }
    table.releaseAll(holder);
    waiters.forEach(CompletableFuture::join);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), order);
  }

  @Test
  void readersDoNotOvertakeAWriterThatWaits() {
    LockOwner reader = owner();
    LockOwner writer = owner();
    LockOwner late = owner();
    table.lockKey(reader, key("k"), SHARED, NO_TIME);
    CompletableFuture<Void> write = waitingForKey(writer, "k", EXCLUSIVE);
    CompletableFuture<Void> read = waitingForKey(late, "k", SHARED);
    assertFalse(read.isDone());
    table.releaseAll(reader);
    write.join();
    assertFalse(read.isDone());
    table.releaseAll(writer);
    read.join();
  }

  @Test
  void anOwnerPassesThoseWhoWaitForItself() {
    LockOwner owner = owner();
    LockOwner waiter = owner();
    table.lockKey(owner, key("k"), SHARED, NO_TIME);
    table.lockRange(owner, range("r", "s"), SHARED, NO_TIME);
    CompletableFuture<Void> onKey = waitingForKey(waiter, "k", EXCLUSIVE);
    LockOwner other = owner();
    CompletableFuture<Void> inRange = waitingForKey(other, "r1", EXCLUSIVE);
    table.lockKey(owner, key("k"), EXCLUSIVE, NO_TIME);
    table.lockKey(owner, key("r1"), EXCLUSIVE, NO_TIME);
    table.releaseAll(owner);
    onKey.join();
    inRange.join();
  }

  @Test
  void ofTwoInADeadlockTheYoungerGivesWay() {
    LockOwner older = owner();
    LockOwner younger = owner();
    table.lockKey(older, key("a"), EXCLUSIVE, NO_TIME);
    table.lockKey(younger, key("b"), EXCLUSIVE, NO_TIME);
    CompletableFuture<Void> youngerWaits = waitingForKey(younger, "a", EXCLUSIVE);
    CompletableFuture<Void> olderWaits = waiting(older, () -> table.lockKey(older, key("b"), EXCLUSIVE, LONG_NANOS));
    assertEquals(ErrorCode.DEADLOCK, failure(youngerWaits).code());
    table.releaseAll(younger);
    olderWaits.join();
  }

  @Test
  void whoHasNoTimeToWaitEndsNobodyElsesWait() {
    LockOwner older = owner();
    LockOwner younger = owner();
    table.lockKey(older, key("a"), EXCLUSIVE, NO_TIME);
    table.lockKey(younger, key("b"), EXCLUSIVE, NO_TIME);
    CompletableFuture<Void> youngerWaits = waitingForKey(younger, "a", EXCLUSIVE);
    assertFalse(isFree(older, "b", EXCLUSIVE));
    table.releaseAll(older);
    youngerWaits.join();
  }

  @Test
  void ofThreeInADeadlockTheYoungestGivesWay() {
    LockOwner first = owner();
    LockOwner third = owner();
    LockOwner youngest = owner();
    table.lockKey(first, key("a"), EXCLUSIVE, NO_TIME);
    table.lockRange(youngest, range("b", "c"), EXCLUSIVE, NO_TIME);
    table.lockKey(third, key("c"), EXCLUSIVE, NO_TIME);
    CompletableFuture<Void> firstWaits = waitingForKey(first, "b5", SHARED);
    CompletableFuture<Void> youngestWaits = waitingForKey(youngest, "c", SHARED);
    CompletableFuture<Void> thirdWaits = waiting(third, () -> table.lockRange(third, range("a", "b"), SHARED, LONG_NANOS));
    assertEquals(ErrorCode.DEADLOCK, failure(youngestWaits).code());
    table.releaseAll(youngest);
    firstWaits.join();
    table.releaseAll(first);
    thirdWaits.join();
  }

  @Test
  void twoUpgradesOfOneKeyAreADeadlock() {
    LockOwner older = owner();
    LockOwner younger = owner();
    table.lockKey(older, key("k"), SHARED, NO_TIME);
    table.lockKey(younger, key("k"), SHARED, NO_TIME);
    CompletableFuture<Void> olderWaits = waitingForKey(older, "k", EXCLUSIVE);
    KvException refused =
        assertThrows(KvException.Retryable.class, () -> table.lockKey(younger, key("k"), EXCLUSIVE, LONG_NANOS));
    assertEquals(ErrorCode.DEADLOCK, refused.code());
    table.releaseAll(younger);
    olderWaits.join();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndKeepsWhatItHad() {
    LockOwner holder = owner();
    LockOwner waiter = owner();
    LockOwner behind = owner();
    table.lockKey(holder, key("k"), SHARED, NO_TIME);
    table.lockKey(waiter, key("mine"), EXCLUSIVE, NO_TIME);
    KvException late =
        assertThrows(KvException.Retryable.class, () -> table.lockKey(waiter, key("k"), EXCLUSIVE, TimeUnit.MILLISECONDS.toNanos(5)));
    assertEquals(ErrorCode.LOCK_TIMEOUT, late.code());
    assertTrue(isFree(behind, "k", SHARED), "a request that gave up still holds others back");
    assertFalse(isFree(behind, "mine", SHARED));
  }

  @Test
  void aWaitIsTimedByTheClockTheTableWasGiven() {
    ManualClock clock = new ManualClock();
    LockTable timed = new LockTable(clock, LockLimits.DEFAULT);
    LockOwner holder = owner();
    LockOwner waiter = owner();
    timed.lockKey(holder, key("k"), EXCLUSIVE, NO_TIME);
    CompletableFuture<Void> wait = waiting(waiter, () -> timed.lockKey(waiter, key("k"), EXCLUSIVE, LONG_NANOS));
    clock.advance(LONG_NANOS - 1);
    assertEquals(LONG_NANOS - 1, timed.view().waiters().getFirst().waitedNanos());
    assertFalse(wait.isDone());
    clock.advance(1);
    assertEquals(ErrorCode.LOCK_TIMEOUT, failure(wait).code());
  }

  @Test
  void thousandsOfWaitersCostNoPlatformThreads() throws InterruptedException {
    LockOwner holder = owner();
    table.lockKey(holder, key("k"), EXCLUSIVE, NO_TIME);
    int platformThreads = ManagementFactory.getThreadMXBean().getThreadCount();
    AtomicInteger granted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      LockOwner waiter = owner();
      threads.add(Thread.ofVirtual().start(() -> {
        table.lockKey(waiter, key("k"), EXCLUSIVE, LONG_NANOS);
        granted.incrementAndGet();
        table.releaseAll(waiter);
      }));
    }
    while (threads.stream().anyMatch(each -> each.getState() != Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
    int carriers = Runtime.getRuntime().availableProcessors();
    assertTrue(ManagementFactory.getThreadMXBean().getThreadCount() <= platformThreads + carriers + 8);
    table.releaseAll(holder);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(5_000, granted.get());
  }

  @Test
  void rangesLockedChunkByChunkAreOneLock() {
    LockOwner scanner = owner();
    for (char from = 'b'; from < 'y'; from++) {
      assertTrue(isFree(scanner, range("" + from, "" + (char) (from + 1)), SHARED));
    }
    assertTrue(isFree(scanner, range("e", "h"), SHARED));
    assertEquals(1, scanner.rangeCount());
    assertTrue(isFree(scanner, range("zz", "zzz"), SHARED));
    assertTrue(isFree(scanner, range("c", "d"), EXCLUSIVE), "another mode is another lock");
    assertEquals(3, scanner.rangeCount());
    LockOwner writer = owner();
    assertFalse(isFree(writer, "b", EXCLUSIVE));
    assertFalse(isFree(writer, "x", EXCLUSIVE));
    assertTrue(isFree(writer, "y", EXCLUSIVE));
    assertTrue(isFree(writer, "a", EXCLUSIVE));
    table.releaseAll(writer);
    assertTrue(isFree(scanner, new KeyRange(key("a"), null), SHARED));
    assertEquals(2, scanner.rangeCount(), "the endless range swallows the others of its mode");
    table.releaseAll(scanner);
    assertTrue(isFree(writer, KeyRange.ALL, EXCLUSIVE));
  }

  @Test
  void anInterruptedWaiterIsRefusedAndStaysInterrupted() {
    LockOwner holder = owner();
    table.lockKey(holder, key("k"), EXCLUSIVE, NO_TIME);
    Thread.currentThread().interrupt();
    LockOwner waiter = owner();
    assertThrows(KvException.Retryable.class, () -> table.lockKey(waiter, key("k"), EXCLUSIVE, LONG_NANOS));
    assertTrue(Thread.interrupted());
    table.releaseAll(holder);
    assertTrue(isFree(waiter, "k", EXCLUSIVE));
  }

  @Test
  void closingWakesEverybody() {
    LockOwner holder = owner();
    table.lockKey(holder, key("k"), EXCLUSIVE, NO_TIME);
    List<CompletableFuture<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiters.add(waitingForKey(owner(), "k", EXCLUSIVE));
    }
    table.close();
    waiters.forEach(each -> assertEquals(ErrorCode.STORE_CLOSED, failure(each).code()));
    assertThrows(KvException.Closed.class, () -> table.lockKey(owner(), key("free"), SHARED, NO_TIME));
    table.releaseAll(holder);
    assertNull(holder.waiting);
  }

  @Test
  void whoIsCancelledWaitsNoMoreAndKeepsItsLocks() {
    LockOwner holder = owner();
    LockOwner cancelled = owner();
    assertTrue(isFree(holder, "k", EXCLUSIVE));
    assertTrue(isFree(cancelled, "mine", EXCLUSIVE));
    for (LockMode mode : LockMode.values()) {
      CompletableFuture<Void> forKey = waitingForKey(cancelled, "k", mode);
      table.setCancelled(cancelled, true);
      assertEquals(ErrorCode.CANCELLED, failure(forKey).code());
      for (KeyRange wanted : List.of(range("a", "l"), range("k", "z"))) {
        assertEquals(ErrorCode.CANCELLED,
            assertThrows(KvException.InvalidRequest.class, () -> table.lockRange(cancelled, wanted, mode, LONG_NANOS)).code());
      }
      assertTrue(isFree(cancelled, "free " + mode, mode), "what is free is granted");
      table.setCancelled(cancelled, false);
    }
    CompletableFuture<Void> forRange = waiting(cancelled, () -> table.lockRange(cancelled, range("a", "l"), SHARED, LONG_NANOS));
    table.setCancelled(holder, true);
    assertFalse(forRange.isDone(), "another's cancellation is none of its business");
    table.releaseAll(holder);
    forRange.join();
    table.setCancelled(holder, false);
    assertFalse(isFree(holder, "mine", SHARED));
  }
}
