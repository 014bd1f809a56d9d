package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.scan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.workload.WeakenedStore;
import org.treatydb.kv.workload.WeakenedStore.Weakness;

/**
 * Random steps of pessimistic, optimistic and read-only transactions side by side in one thread, against a model that knows what each
 * reads and whether it is refused; with bulk loads between them; through flushes, rewrites, restarts, and backups that are adopted.
 */
class InterleavedModelTest {

  private static final int LIVES = 2;
  private static final int BOOTS = 3;
  private static final int STEPS = 4000;

  /** Within so many lives each control must fail. */
  private static final int CONTROL_LIVES_MAX = 20;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /** More rounds, each with its seed, make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void everyStepGivesWhatTheModelSays(TestReporter reporter) {
    int commits = 0;
    int refusals = 0;
    int loads = 0;
    for (int life = 0; life < rounds * LIVES; life++) {
      StoreModel model = new StoreModel();
      try {
        live(new TemporaryStore(directory.resolve("life-" + life)), model, new Random(seed + life));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dtest=InterleavedModelTest -Dseed=" + (seed + life) + ": " + e.getMessage(), e);
      }
      commits += model.commits();
      refusals += model.refusals();
      loads += model.loads();
      DirectoryCopy.remove(directory.resolve("life-" + life));
    }
    reporter.publishEntry(Map.of("commits", String.valueOf(commits), "refusals", String.valueOf(refusals), "loads", String.valueOf(loads)));
    assertTrue(commits > 100 && refusals > 10 && loads > 10);
  }

  private void live(TemporaryStore place, StoreModel model, Random random) {
    for (int boot = 0; boot < BOOTS; boot++) {
      try (EmbeddedStore store = place.open()) {
        work(store, model, random);
        check(store, model);
        checkBackup(place, store, model);
      }
      model.closed();
    }
    try (EmbeddedStore store = place.open()) {
      check(store, model);
    }
  }

  private static void work(KvStore store, StoreModel model, Random random) {
    int openMax = 2 + random.nextInt(7);
    for (int step = 0; step < STEPS; step++) {
      if (store instanceof EmbeddedStore embedded && random.nextInt(20) == 0) {
        model.load(embedded, random);
      }
      model.step(store, random, openMax);
    }
  }

  private void checkBackup(TemporaryStore place, EmbeddedStore store, StoreModel model) {
    Path backup = directory.resolve("backup");
    store.backup(backup, Progress.NONE);
    try (StoreAdoption adoption = new StoreAdoption(backup, place.options(), Progress.NONE)) {
      adoption.register();
    }
    try (EmbeddedStore restored = EmbeddedStore.open(backup, place.options(), TemporaryStore.SMALL)) {
      check(restored, model);
    }
    DirectoryCopy.remove(backup);
  }

  private static void check(KvStore store, StoreModel model) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      assertEquals(
          model.committed().entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList(),
          scan(snapshot, KeyRange.ALL, ScanOptions.FORWARD));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Weakness.class, mode = EnumSource.Mode.EXCLUDE, names = "COMMITS_ARE_NOT_ATOMIC")
  void controlAWeakenedStoreIsNoticed(Weakness weakness) {
    assertThrows(AssertionError.class, () -> {
      for (int life = 0; life < CONTROL_LIVES_MAX; life++) {
        try (KvStore store = new WeakenedStore(EmbeddedStore.openInMemory(), weakness)) {
          work(store, new StoreModel(), new Random(seed + life));
        }
      }
    });
  }
}
