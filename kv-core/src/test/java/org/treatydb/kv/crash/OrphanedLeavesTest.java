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
  private static final int CRASHES = 60;
  private static final int ROUNDS_MAX = 50;

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
   * Runs stores that lose power at the first, second, … effect of that kind, and opens them again. Where that effect falls
   * is the scheduler's choice too: goes on, with other transactions, until some crash has left an orphan.
   */
  private void crashAtEach(Effect effect, Survival survival) {
    int left = 0;
    for (int round = 0; left == 0; round++) {
      assertTrue(round < ROUNDS_MAX, "no crash left an orphan");
      for (int number = 1; number <= CRASHES; number++) {
        left += crashLeavesOrphans(new CrashPoint(Optional.of(effect), number), survival, seed + round * CRASHES) ? 1 : 0;
      }
    }
  }

  private boolean crashLeavesOrphans(CrashPoint point, Survival survival, long seed) {
    CrashDisk disk = new CrashDisk(Weakness.NONE);
    live(disk, new Machine(CrashPoint.NEVER, Survival.NOTHING), new Writer(1, seed));
    live(disk, new Machine(point, survival), new Writer(2, seed + point.number()));
    boolean left = disk.orphans() > 0;
    disk.openForAMoment();
    assertEquals(0, disk.orphans(), "orphans; replay with -Dtest=OrphanedLeavesTest -Dseed=" + seed + ": " + point);
    return left;
  }

  /** Between a flush's leaves and the MANIFEST's edit: leaves that never got into the directory. */
  @Test
  void leavesOfAFlushThatTheManifestNeverNamedAreDeleted() {
    for (Survival survival : List.of(Survival.EVERYTHING, Survival.NOTHING)) {
      crashAtEach(Effect.CONFIRM, survival);
    }
  }

  /** Between the MANIFEST's edit and the deletes: leaves that went out of the directory. */
  @Test
  void leavesThatWentOutOfTheDirectoryAreDeleted() {
    for (Survival survival : List.of(Survival.EVERYTHING, Survival.NOTHING)) {
      crashAtEach(Effect.APPLY_LEAVES, survival);
    }
  }

  /** At a MANIFEST checkpoint, which drops the records that tell what was to be deleted. */
  @Test
  void deletesAreOnDiskBeforeTheManifestForgetsThem() {
    crashAtEach(Effect.DELETE_SEGMENT, Survival.NOTHING);
    crashAtEach(Effect.SYNC_LEAVES, Survival.NOTHING);
  }
}
