package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.txn.TransactionalStore;

/** Power that goes at any effect of a bulk load leaves all of it or nothing, and no leaf that nobody names. */
class LoadCrashTest {

  private static final int ROWS = 400;
  private static final KeyRange RANGE = new KeyRange(Writer.bytes("load"), Writer.bytes("loae"));

  private final long seed = Long.getLong("seed", System.nanoTime());

  private static KeyValue row(int i) {
    return new KeyValue(Writer.bytes("load%05d".formatted(i)), Writer.bytes("value " + i + "v".repeat(60)));
  }

  /** Loads between other writes; returns whether the load was acknowledged. */
  private boolean load(CrashDisk disk, Machine machine) {
    boolean loaded = false;
    try (TransactionalStore store = disk.open(machine)) {
      new Writer(1, seed).work(store, 20);
      loaded = store.load(RANGE, IntStream.range(0, ROWS).mapToObj(LoadCrashTest::row).iterator()) == ROWS;
      new Writer(2, seed).work(store, 20);
    } catch (KvException.Unavailable | KvException.UnknownOutcome e) {
      assertTrue(machine.isOff(), e::getMessage);
    }
    disk.crash(machine.survival());
    return loaded;
  }

  private static int count(KvStore store) {
    int rows = 0;
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = snapshot.scan(RANGE)) {
      while (cursor.next()) {
        assertEquals(Writer.text(row(rows).key()), Writer.text(cursor.key()));
        assertEquals(Writer.text(row(rows).value()), Writer.text(cursor.value()));
        rows++;
      }
    }
    return rows;
  }

  private int crashAtEachEffect(Survival survival) {
    int none = 0;
    int number = 1;
    for (boolean crashed = true; crashed; number++) {
      CrashDisk disk = new CrashDisk(Weakness.NONE);
      Machine doomed = new Machine(new CrashPoint(Optional.empty(), number), survival);
      boolean loaded = load(disk, doomed);
      crashed = doomed.isOff();
      disk.openForAMoment();
      assertEquals(0, disk.orphans(), "orphans after a crash at effect " + number + ", seed " + seed);
      for (int boot = 0; boot < 2; boot++) {
        try (TransactionalStore store = disk.open(new Machine(CrashPoint.NEVER, Survival.NOTHING))) {
          int rows = count(store);
          assertTrue(rows == ROWS || rows == 0 && !loaded, rows + " rows after a crash at effect " + number + ", seed " + seed);
          none += rows == 0 ? 1 : 0;
        }
      }
    }
    assertTrue(number > 50, "only " + number + " effects");
    return none;
  }

  @Test
  void whatWasNotSyncedIsLost() {
    assertTrue(crashAtEachEffect(Survival.NOTHING) > 0);
  }

  @Test
  void whatWasNotSyncedStays() {
    assertTrue(crashAtEachEffect(Survival.EVERYTHING) > 0);
  }

  @Test
  void aRandomPartOfWhatWasNotSyncedStays() {
    assertTrue(crashAtEachEffect(Survival.random(seed)) > 0);
  }
}
