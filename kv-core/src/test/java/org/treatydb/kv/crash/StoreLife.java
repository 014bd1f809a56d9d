package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;

/**
 * One store from its creation through {@value #CRASHES} crashes, at opening, at work or at closing, to a clean end, as its
 * tenant uses it.
 */
final class StoreLife {

  static final int CRASHES = 10;

  private final CrashDisk disk;
  private final Random random;
  private final Tenant tenant;
  private final Map<Effect, Integer> crashes = new EnumMap<>(Effect.class);
  private Machine machine;
  private int boot;

  /** Who uses the store. */
  interface Tenant {

    /** Checks the store, which has just been opened, or which nobody uses. */
    void check(KvStore store);

    /** Works until it has done enough or the store fails. */
    void work(KvStore store);
  }

  StoreLife(Random random, CrashDisk disk, Tenant tenant) {
    this.disk = disk;
    this.random = random;
    this.tenant = tenant;
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
        tenant.check(store);
        tenant.work(store);
      } finally {
        if (!closes) {
          machine.cutPower();
        }
        store.close();
      }
    } catch (KvException.Unavailable | KvException.UnknownOutcome e) {
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
      tenant.check(store);
      tenant.work(store);
      tenant.check(store);
    }
    assertEquals(0, disk.orphans(), "leaves that the directory does not name");
    machine.cutPower();
    disk.crash(machine.survival());
  }
}
