package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;

/** Leaves that a crash left behind and no directory names are deleted when the store is opened again. */
class OrphanedLeavesTest {

  private static final int TRANSACTIONS = 60;
  private static final int CRASHES_MAX = 60;

  private final long seed = Long.getLong("seed", System.nanoTime());

  private static void live(CrashDisk disk, Machine machine, Writer writer) {
    try (KvStore store = disk.open(machine)) {
      writer.work(store, TRANSACTIONS);
    } catch (KvException.Unavailable e) {
      assertTrue(machine.isOff(), e::getMessage);
    }
    disk.crash(machine.survival());
  }

  /**
   * Runs a store that loses power at the first, second, … effect of that kind, and opens it again. Returns after how many
   * of these crashes there were orphans.
   */
  private int crashAtEach(Effect effect, Survival survival) {
    int left = 0;
    for (int number = 1; number <= CRASHES_MAX; number++) {
      CrashDisk disk = new CrashDisk(Weakness.NONE);
      live(disk, new Machine(CrashPoint.NEVER, Survival.NOTHING), new Writer(1, seed));
      Machine doomed = new Machine(new CrashPoint(Optional.of(effect), number), survival);
      live(disk, doomed, new Writer(2, seed + number));
      left += disk.orphans() > 0 ? 1 : 0;
      disk.openForAMoment();
      assertEquals(0, disk.orphans(), "orphans; replay with -Dtest=OrphanedLeavesTest -Dseed=" + seed + ": " + effect + " " + number);
    }
    return left;
  }

  /** Between a flush's leaves and the MANIFEST's edit: leaves that never got into the directory. */
  @Test
  void leavesOfAFlushThatTheManifestNeverNamedAreDeleted() {
    for (Survival survival : List.of(Survival.EVERYTHING, Survival.NOTHING)) {
      assertTrue(crashAtEach(Effect.CONFIRM, survival) > 0, "no crash left an orphan");
    }
  }

  /** Between the MANIFEST's edit and the deletes: leaves that went out of the directory. */
  @Test
  void leavesThatWentOutOfTheDirectoryAreDeleted() {
    for (Survival survival : List.of(Survival.EVERYTHING, Survival.NOTHING)) {
      assertTrue(crashAtEach(Effect.APPLY_LEAVES, survival) > 0, "no crash left an orphan");
    }
  }

  /** At a MANIFEST checkpoint, which drops the records that tell what was to be deleted. */
  @Test
  void deletesAreOnDiskBeforeTheManifestForgetsThem() {
    assertTrue(crashAtEach(Effect.DELETE_SEGMENT, Survival.NOTHING) > 0, "no crash left an orphan");
    assertTrue(crashAtEach(Effect.SYNC_LEAVES, Survival.NOTHING) > 0, "no crash left an orphan");
  }
}
