package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * One store from its creation through {@value #CRASHES} crashes, at opening, at work or at closing, to a clean end. At
 * every opening that succeeds it must hold what its writers know, and nothing else.
 */
final class StoreLife {

  static final int CRASHES = 10;

  private static final int WRITERS_MAX = 4;
  private static final int TRANSACTIONS_MAX = 40;

  private final CrashDisk disk;
  private final Random random;
  private final List<Writer> writers;
  private final Map<Effect, Integer> crashes = new EnumMap<>(Effect.class);
  private Machine machine;
  private int boot;

  StoreLife(long seed, Weakness weakness) {
    this.disk = new CrashDisk(weakness);
    this.random = new Random(seed);
    this.writers = IntStream.rangeClosed(0, random.nextInt(WRITERS_MAX)).mapToObj(i -> new Writer(i, random.nextLong())).toList();
  }

  /** Returns how often the power went at each effect; it also went between effects. */
  Map<Effect, Integer> live() {
    try {
      for (int i = 0; i < CRASHES; i++) {
        Survival survival = random.nextInt(3) == 0 ? Survival.NOTHING : Survival.random(random.nextLong());
        boolean atCreation = i == 0 && random.nextInt(3) == 0;
        bootUntilCrash(new Machine(atCreation ? CrashPoint.REGISTRATION : CrashPoint.random(random), survival));
      }
      for (int i = 0; i < 2; i++) {
        bootUntilClosed(new Machine(CrashPoint.NEVER, Survival.NOTHING));
      }
      return crashes;
    } catch (KvException | AssertionError e) {
      throw new AssertionError("in boot " + boot + ", which ends with " + machine + ": " + e.getMessage(), e);
    }
  }

  private void bootUntilCrash(Machine doomed) {
    machine = doomed;
    boot++;
    boolean closes = random.nextBoolean();
    try {
      KvStore store = disk.open(machine);
      try {
        check(store);
        work(store);
      } finally {
        if (!closes) {
          machine.cutPower();
        }
        store.close();
      }
    } catch (KvException.Unavailable e) {
      if (!machine.isOff()) {
        throw e;
      }
    }
    machine.cutPower();
    machine.crashedAt().ifPresent(effect -> crashes.merge(effect, 1, Integer::sum));
    disk.crash(machine.survival());
  }

  private void bootUntilClosed(Machine healthy) {
    machine = healthy;
    boot++;
    try (KvStore store = disk.open(machine)) {
      check(store);
      work(store);
      check(store);
    }
    assertEquals(0, disk.orphans(), "leaves that the directory does not name");
    machine.cutPower();
    disk.crash(machine.survival());
  }

  private void work(KvStore store) {
    int transactions = random.nextInt(TRANSACTIONS_MAX);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      writers.forEach(writer -> work.add(threads.submit(() -> writer.work(store, transactions))));
      for (Future<?> each : work) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a writer met " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void check(KvStore store) {
    NavigableMap<String, String> all = scan(store, ScanOptions.FORWARD);
    assertEquals(all, scan(store, ScanOptions.REVERSE), "one scan forward, one in reverse");
    for (Writer writer : writers) {
      NavigableMap<String, String> found = new TreeMap<>(all);
      found.keySet().removeIf(key -> !writer.owns(key));
      all.keySet().removeIf(writer::owns);
      writer.check(found);
    }
    assertEquals(Map.of(), all, "keys that nobody wrote");
  }

  private static NavigableMap<String, String> scan(KvStore store, ScanOptions options) {
    NavigableMap<String, String> found = new TreeMap<>();
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = snapshot.scan(KeyRange.ALL, options)) {
      while (cursor.next()) {
        found.put(Writer.text(cursor.key()), Writer.text(cursor.value()));
      }
    }
    return found;
  }
}
