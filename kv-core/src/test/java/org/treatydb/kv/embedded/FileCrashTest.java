package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.crash.files.CrashingDisk;
import org.treatydb.kv.crash.files.CrashingDisk.Weakness;

/**
 * Stores on files whose disk loses power while they are created, opened, written, backed up, adopted, closed, or get
 * another root key. What was acknowledged is there afterwards: commits, backups, the key. Leaves lie in RocksDB, past the
 * disk that crashes, and keep everything; what they may lose is for {@code CrashPointTest}. A failure names its seed.
 */
class FileCrashTest {

  private static final int CRASHES = 12;

  /** Within so many lives each control must fail. */
  private static final int CONTROL_LIVES_MAX = 20;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final int lives = Integer.getInteger("crash.lives", 6);

  @Test
  void whatWasAcknowledgedOutlivesThePower(TestReporter reporter) throws IOException {
    int crashes = 0;
    for (int i = 0; i < lives; i++) {
      crashes += live(seed + i, Weakness.NONE);
    }
    reporter.publishEntry("crashes", String.valueOf(crashes));
    assertTrue(crashes > lives * CRASHES / 4, "crashes: " + crashes);
  }

  /** The controls: a disk that does not keep what it was told to is noticed. */
  @ParameterizedTest
  @EnumSource(value = Weakness.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDiskThatForgetsWhatWasSyncedIsNoticed(Weakness weakness) {
    assertThrows(AssertionError.class, () -> {
      for (int i = 0; i < CONTROL_LIVES_MAX; i++) {
        live(seed + i, weakness);
      }
    });
  }

  private int live(long lifeSeed, Weakness weakness) throws IOException {
    Path root = Files.createDirectory(directory.resolve("life" + lifeSeed));
    Life life = new Life(root, lifeSeed, weakness);
    try {
      return life.live();
    } catch (KvException | AssertionError | IOException e) {
      throw new AssertionError(
          "replay with -Dtest=FileCrashTest -Dcrash.lives=1 -Dseed=" + lifeSeed + ": after " + life.story + ": " + e.getMessage(), e);
    } finally {
      DirectoryCopy.remove(root);
    }
  }

  private static final class Life {

    private final CrashingDisk disk;
    private final Path root;
    private final Random random;
    private final List<String> story = new ArrayList<>();
    private int files;
    /** With which the store may open: one, or, after a crash while it was changed, the old one and the new one. */
    private List<EmbeddedStoreOptions> keys;
    private NavigableMap<String, String> acknowledged = new TreeMap<>();
    /** What the store holds if the commit whose outcome is unknown took place. */
    private NavigableMap<String, String> attempted = acknowledged;
    private Backup backup;

    private record Backup(Path at, EmbeddedStoreOptions key, NavigableMap<String, String> content, BackupSummary summary) {}

    Life(Path root, long seed, Weakness weakness) throws IOException {
      this.random = new Random(seed);
      this.disk = new CrashingDisk(root, random, weakness);
      this.root = disk.root();
      Files.writeString(root.resolve("key"), "5ec3e7".repeat(10) + "0123");
      keys = List.of(EmbeddedStoreOptions.defaults()
          .withKeyFile(this.root.resolve("key")).withCounterDirectory(this.root.resolve("state/counters")));
    }

    private Path data() {
      return root.resolve("data");
    }

    int live() throws IOException {
      int crashes = 0;
      for (int i = 0; i < CRASHES; i++) {
        disk.stopAt(1 + random.nextInt(random.nextBoolean() ? 20 : 120));
        try {
          act();
        } catch (KvException.Unavailable | KvException.UnknownOutcome | UncheckedIOException e) {
          if (!disk.isOff()) {
            throw e;
          }
        }
        crashes += disk.isOff() ? 1 : 0;
        story.add(disk.toString());
        disk.restart();
        check();
      }
      return crashes;
    }

    private void act() {
      switch (random.nextInt(6)) {
        case 0 -> changeKey();
        case 1 -> adoptBackup();
        default -> work();
      }
    }

    private EmbeddedStore open() {
      return EmbeddedStore.open(data(), keys.getFirst(), TemporaryStore.SMALL);
    }

    private void work() {
      story.add("work");
      try (EmbeddedStore store = open()) {
        for (int i = random.nextInt(30); i > 0; i--) {
          if (random.nextInt(20) == 0) {
            makeBackup(store);
          } else {
            commit(store);
          }
        }
      }
    }

    private void commit(KvStore store) {
      NavigableMap<String, String> next = new TreeMap<>(acknowledged);
      next.put("key" + random.nextInt(50), "value " + random.nextLong() + "-".repeat(random.nextInt(2000)));
      next.remove("key" + random.nextInt(50));
      try (KvTransaction transaction = store.begin()) {
        acknowledged.keySet().stream().filter(key -> !next.containsKey(key)).forEach(key -> transaction.delete(bytes(key)));
        next.forEach((key, value) -> {
          if (!value.equals(acknowledged.get(key))) {
            transaction.put(bytes(key), bytes(value));
          }
        });
        transaction.commit();
        acknowledged = next;
        attempted = next;
      } catch (KvException.UnknownOutcome e) {
        attempted = next;
        throw e;
      }
    }

    private void makeBackup(EmbeddedStore store) {
      story.add("backup");
      Path to = root.resolve("backups/" + files++);
      backup = new Backup(to, keys.getFirst(), new TreeMap<>(acknowledged), store.backup(to, Progress.NONE));
    }

    private void changeKey() {
      if (acknowledged.isEmpty()) {
        return;
      }
      story.add("rekey");
      EmbeddedStoreOptions from = keys.getFirst();
      EmbeddedStoreOptions to = from.withKeyFile(root.resolve("keys/" + files++));
      keys = List.of(from, to);
      StoreRekey.run(data(), from, to);
      keys = List.of(to);
    }

    private void adoptBackup() {
      if (backup == null) {
        return;
      }
      story.add("adopt");
      adopt();
    }

    private void adopt() {
      try (StoreAdoption adoption = new StoreAdoption(backup.at, backup.key, Progress.NONE)) {
        adoption.register();
      }
    }

    /** With power: everything that was acknowledged is there. */
    private void check() {
      keys = List.of(keyThatOpens());
      try (EmbeddedStore store = open()) {
        NavigableMap<String, String> found = content(store);
        if (!found.equals(attempted)) {
          assertEquals(acknowledged, found);
        }
        acknowledged = found;
        attempted = found;
      }
      if (backup != null) {
        assertEquals(
            backup.summary.walRecord(), StoreVerification.verifyCopy(backup.at, backup.key, Progress.NONE).walRecord(), "the backup's end");
        if (story.contains("adopt") && random.nextBoolean()) {
          adopt();
          try (EmbeddedStore restored = EmbeddedStore.open(backup.at, backup.key, TemporaryStore.SMALL)) {
            assertEquals(backup.content, content(restored));
          }
          backup = null;
        }
      }
    }

    private EmbeddedStoreOptions keyThatOpens() {
      if (keys.size() == 1) {
        return keys.getFirst();
      }
      try {
        EmbeddedStore.open(data(), keys.getFirst(), TemporaryStore.SMALL).close();
      } catch (KvException.Unavailable e) {
        assertEquals(ErrorCode.WRONG_KEY, e.code());
        return keys.getLast();
      }
      KvException refused =
          assertThrows(KvException.Unavailable.class, () -> EmbeddedStore.open(data(), keys.getLast(), TemporaryStore.SMALL));
      assertEquals(ErrorCode.WRONG_KEY, refused.code());
      return keys.getFirst();
    }

    private static NavigableMap<String, String> content(KvStore store) {
      NavigableMap<String, String> found = new TreeMap<>();
      try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
        for (String entry : TemporaryStore.scan(snapshot, KeyRange.ALL, ScanOptions.FORWARD)) {
          int at = entry.indexOf('=');
          found.put(entry.substring(0, at), entry.substring(at + 1));
        }
      }
      return found;
    }
  }
}
