package org.treatydb.kv.enclave.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.host.system.SystemClock;

/**
 * Many owners lock random keys and ranges; beside the table, for each key, a count says who is in: -1000 a writer, n
 * readers. Nobody may be in beside a writer, and every wait ends in a lock or in a deadlock found, never in a timeout.
 */
@Timeout(60)
class LockTableStressTest {

  private static final int KEYS = 12;
  private static final int THREADS = 8;
  private static final int TRANSACTIONS = 600;
  private static final int WRITER = -1000;

  private LockTable table;
  private final AtomicIntegerArray inside = new AtomicIntegerArray(KEYS);
  private final AtomicLong ages = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final long seed = Long.getLong("seed", System.nanoTime());

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10_000})
  void nobodyIsEverInBesideAWriterAndNobodyHangs(int escalationLocks) throws InterruptedException {
    table = new LockTable(new SystemClock(), new LockLimits(escalationLocks, 10_000));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(seed + i);
      threads.add(Thread.ofVirtual().start(() -> {
        for (int j = 0; j < TRANSACTIONS; j++) {
          transaction(random);
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(failures), "replay with -Dtest=LockTableStressTest -Dseed=" + seed);
    LockOwner last = Owners.aged(0);
    table.lockRange(last, KeyRange.ALL, LockMode.EXCLUSIVE, 0);
  }

  private void transaction(Random random) {
    LockOwner owner = Owners.aged(ages.incrementAndGet());
    int[] held = new int[KEYS];
    try {
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        LockMode mode = random.nextInt(3) == 0 ? LockMode.EXCLUSIVE : LockMode.SHARED;
        int from = random.nextInt(KEYS);
        int to = random.nextInt(3) == 0 ? Math.min(KEYS, from + 1 + random.nextInt(4)) : from + 1;
        lock(owner, from, to, mode);
        for (int key = from; key < to; key++) {
          enter(held, key, mode);
        }
        if (random.nextBoolean()) {
          Thread.yield();
        }
      }
    } catch (KvException.Retryable e) {
      if (e.code() != ErrorCode.DEADLOCK) {
        failures.add("a wait ended in " + e.code());
      }
    } finally {
      for (int key = 0; key < KEYS; key++) {
        inside.addAndGet(key, -held[key]);
      }
      table.releaseAll(owner);
    }
  }

  private void lock(LockOwner owner, int from, int to, LockMode mode) {
    long timeout = TimeUnit.SECONDS.toNanos(3);
    if (to == from + 1) {
      table.lockKey(owner, new byte[] {(byte) from}, mode, timeout);
    } else {
      table.lockRange(owner, new KeyRange(new byte[] {(byte) from}, new byte[] {(byte) to}), mode, timeout);
    }
  }

  /** Notes the owner as a reader, or turns its reading into writing. */
  private void enter(int[] held, int key, LockMode mode) {
    int wanted = mode == LockMode.EXCLUSIVE ? WRITER : held[key] == 0 ? 1 : held[key];
    int others = inside.addAndGet(key, wanted - held[key]) - wanted;
    held[key] = wanted;
    if (others < 0 || mode == LockMode.EXCLUSIVE && others != 0) {
      failures.add("key " + key + " " + mode + " beside " + others);
    }
  }
}
