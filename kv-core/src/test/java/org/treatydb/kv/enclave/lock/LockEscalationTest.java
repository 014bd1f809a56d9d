package org.treatydb.kv.enclave.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.enclave.lock.LockMode.EXCLUSIVE;
import static org.treatydb.kv.enclave.lock.LockMode.SHARED;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.host.system.SystemClock;

@Timeout(120)
class LockEscalationTest {

  private static final int MILLION = 1_000_000;
  private long age;

  private static LockTable table(int escalationLocks, int locksMax) {
    return new LockTable(new SystemClock(), new LockLimits(escalationLocks, locksMax));
  }

  private LockOwner owner() {
    return Owners.aged(++age);
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static boolean isGranted(LockTable table, LockOwner owner, KeyRange range, LockMode mode) {
    try {
      if (Arrays.equals(range.end(), KeyRange.point(range.start()).end())) {
        table.lockKey(owner, range.start(), mode, 0);
      } else {
        table.lockRange(owner, range, mode, 0);
      }
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.LOCK_TIMEOUT, e.code());
      return false;
    }
  }

  private static boolean isGranted(LockTable table, LockOwner owner, long key, LockMode mode) {
    return isGranted(table, owner, KeyRange.point(key(key)), mode);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aMillionKeysOfOneTransactionTakeBoundedMemoryAndStayLocked(boolean inOrder) {
    LockTable table = new LockTable(new SystemClock(), LockLimits.DEFAULT);
    LockOwner owner = owner();
    LockOwner other = owner();
    Random random = new Random(5);
    List<Long> sample = new ArrayList<>();
    for (long i = 0; i < MILLION; i++) {
      long number = inOrder ? i : random.nextLong() >>> 1;
      table.lockKey(owner, key(number), i % 3 == 0 ? SHARED : EXCLUSIVE, 0);
      assertTrue(owner.lockCount() <= LockLimits.DEFAULT.escalationLocks());
      if (i % 3 != 0 && i % 1000 < 3) {
        sample.add(number);
      }
    }
    sample.forEach(number -> assertFalse(isGranted(table, other, number, SHARED)));
    assertTrue(isGranted(table, other, -1, EXCLUSIVE), "nothing beyond its last key is locked");
    table.releaseAll(owner);
    sample.forEach(number -> assertTrue(isGranted(table, other, number, EXCLUSIVE)));
  }

  @Test
  void manyRangesEscalateLikeManyKeys() {
    LockTable table = table(100, MILLION);
    LockOwner owner = owner();
    for (long i = 0; i < 10_000; i++) {
      table.lockRange(owner, new KeyRange(key(10 * i), key(10 * i + 5)), EXCLUSIVE, 0);
      assertTrue(owner.lockCount() <= 100);
    }
    LockOwner other = owner();
    for (long i = 0; i < 10_000; i += 7) {
      assertFalse(isGranted(table, other, 10 * i + i % 5, SHARED));
    }
    assertTrue(isGranted(table, other, 99_995, EXCLUSIVE));
  }

  @Test
  void whatLiesNearestIsLockedFirst() {
    LockTable table = table(8, MILLION);
    LockOwner owner = owner();
    for (long number : new long[] {0, 2, 4, 6, 1 << 20, (1 << 20) + 2, (1 << 20) + 4, (1 << 20) + 6, 1 << 30}) {
      table.lockKey(owner, key(number), EXCLUSIVE, 0);
    }
    LockOwner other = owner();
    assertFalse(isGranted(table, other, 1, SHARED));
    assertFalse(isGranted(table, other, (1 << 20) + 5, SHARED));
    assertTrue(isGranted(table, other, 1 << 10, EXCLUSIVE), "the distant is locked only when it must be");
  }

  @Test
  void nobodyElsesLockIsTakenAndNoneIsPassed() throws InterruptedException {
    LockTable table = table(8, MILLION);
    LockOwner holder = owner();
    LockOwner waiter = owner();
    table.lockKey(holder, key(5), SHARED, 0);
    table.lockKey(holder, key(105), SHARED, 0);
    Thread thread = Thread.ofVirtual().start(() -> table.lockKey(waiter, key(105), EXCLUSIVE, Long.MAX_VALUE));
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    LockOwner owner = owner();
    for (long i = 0; i < 200; i++) {
      if (i != 105 && i != 5) {
        table.lockKey(owner, key(i), i < 100 ? EXCLUSIVE : SHARED, 0);
      }
    }
    assertTrue(owner.rangeCount() > 0);
    assertTrue(owner.lockCount() <= 32);
    assertFalse(isGranted(table, holder, 6, SHARED));
    table.releaseAll(holder);
    thread.join();
    assertTrue(isGranted(table, waiter, 5, EXCLUSIVE));
    assertFalse(isGranted(table, waiter, 104, EXCLUSIVE));
  }

  @Test
  void moreLocksThanTheStoreAllowsAreRefusedAndCanBeHadLater() {
    LockTable table = table(1_000, 100);
    List<LockOwner> owners = new ArrayList<>();
    for (long i = 0; i < 100; i++) {
      owners.add(owner());
      table.lockKey(owners.getLast(), key(i), EXCLUSIVE, 0);
    }
    LockOwner late = owner();
    for (KeyRange wanted : List.of(KeyRange.point(key(500)), new KeyRange(key(500), key(600)))) {
      KvException refused = assertThrows(KvException.InvalidRequest.class, () -> isGranted(table, late, wanted, SHARED));
      assertEquals(ErrorCode.OUT_OF_LOCK_MEMORY, refused.code());
      assertEquals("53200", refused.code().sqlState());
    }
    assertEquals(0, late.lockCount());
    table.releaseAll(owners.getFirst());
    assertTrue(isGranted(table, late, 500, EXCLUSIVE));
    assertThrows(KvException.InvalidRequest.class, () -> table.lockKey(late, key(501), EXCLUSIVE, 0));
    assertTrue(isGranted(table, late, 500, SHARED), "what it has needs no room");
  }

  @Test
  void aFullTableMakesRoomByEscalation() {
    LockTable table = table(1_000, 100);
    LockOwner owner = owner();
    for (long i = 0; i < 10_000; i++) {
      table.lockKey(owner, key(i), EXCLUSIVE, 0);
      assertTrue(owner.lockCount() <= 100);
    }
    assertFalse(isGranted(table, owner(), 77, SHARED));
  }

  /** One lock as the naive model knows it. */
  private record Held(LockOwner owner, KeyRange range, LockMode mode) {}

  private static boolean conflicts(List<Held> held, Held wanted) {
    return held.stream().anyMatch(
        each -> each.owner != wanted.owner && each.mode.conflictsWith(wanted.mode) && each.range.overlaps(wanted.range));
  }

  /** Whether the keys may be locked for an owner of at least {@code many} locks, because they lie among what it asked for. */
  private static boolean mayBeEscalated(List<Held> held, Held wanted, int many) {
    for (LockOwner owner : held.stream().map(Held::owner).filter(each -> each != wanted.owner).distinct().toList()) {
      List<KeyRange> its = held.stream().filter(each -> each.owner == owner).map(Held::range).toList();
      byte[] least = its.stream().map(KeyRange::start).min(Arrays::compareUnsigned).orElseThrow();
      boolean endless = its.stream().anyMatch(each -> each.end() == null);
      byte[] end = endless ? null : its.stream().map(KeyRange::end).max(Arrays::compareUnsigned).orElseThrow();
      if (its.size() >= many && new KeyRange(least, end).overlaps(wanted.range)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8, 20, MILLION})
  void decidesAsANaiveModelDoesButForWhatEscalationLocksBesides(int escalationLocks) {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      LockTable table = table(escalationLocks, MILLION);
      List<LockOwner> owners = List.of(owner(), owner(), owner());
      List<Held> held = new ArrayList<>();
      for (int step = 0; step < 100; step++) {
        LockOwner owner = owners.get(random.nextInt(owners.size()));
        if (random.nextInt(40) == 0) {
          table.releaseAll(owner);
          held.removeIf(each -> each.owner == owner);
          continue;
        }
        long from = random.nextInt(60);
        boolean single = random.nextInt(4) > 0;
        byte[] end = random.nextInt(60) == 0 ? null : key(from + 1 + random.nextInt(5));
        KeyRange range = single ? KeyRange.point(key(from)) : new KeyRange(key(from), end);
        Held wanted = new Held(owner, range, random.nextInt(3) == 0 ? EXCLUSIVE : SHARED);
        String replay = "replay with -Dseed=" + seed;
        if (isGranted(table, owner, range, wanted.mode)) {
          assertFalse(conflicts(held, wanted), replay);
          held.add(wanted);
        } else {
          assertTrue(conflicts(held, wanted) || mayBeEscalated(held, wanted, escalationLocks), replay);
        }
      }
      owners.forEach(table::releaseAll);
      LockOwner last = owner();
      assertTrue(isGranted(table, last, KeyRange.ALL, EXCLUSIVE));
      assertEquals(1, last.lockCount());
    }
  }
}
