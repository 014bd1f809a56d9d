package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;

/** A backup is a consistent state of the store, made while others write, and as well protected as the store. */
class BackupTest {

  private static final int BACKUPS = 6;

  /** A segment that holds nothing yet has a header that nothing depends on. */
  private static final int SEGMENT_HEADER_BYTES = 98;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());

  private EmbeddedStore restore(TemporaryStore place, Path backup) {
    Path restored = DirectoryCopy.of(backup, directory.resolve("restored"));
    try (StoreAdoption adoption = new StoreAdoption(restored, place.options(), Progress.NONE)) {
      adoption.register();
    }
    return EmbeddedStore.open(restored, place.options(), TemporaryStore.SMALL);
  }

  @Test
  void aBackupMadeBesideWritersIsAPrefixOfTheHistoryWithEverythingAcknowledgedBefore() throws Exception {
    TemporaryStore place = new TemporaryStore(directory);
    AtomicIntegerArray acknowledged = new AtomicIntegerArray(TransferWorkload.WRITERS);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<int[]> before = new ArrayList<>();
    try (EmbeddedStore store = place.open()) {
      TransferWorkload.prepare(store);
      List<Thread> writers = new ArrayList<>();
      for (int writer = 0; writer < TransferWorkload.WRITERS; writer++) {
        int number = writer;
        writers.add(Thread.ofPlatform().start(() -> {
          Random random = new Random(seed + number);
          try {
            while (!ended.get()) {
              acknowledged.set(number, TransferWorkload.step(store, number, random));
            }
          } catch (RuntimeException e) {
            failure.set(e);
          }
        }));
      }
      try {
        for (int i = 0; i < BACKUPS; i++) {
          awaitProgress(acknowledged, failure);
          before.add(now(acknowledged));
          store.backup(directory.resolve("backup" + i), Progress.NONE);
        }
      } finally {
        ended.set(true);
        for (Thread writer : writers) {
          writer.join();
        }
      }
      assertNull(failure.get());
      TransferWorkload.check(store, now(acknowledged));
    }
    for (int i = 0; i < BACKUPS; i++) {
      try (EmbeddedStore restored = restore(place, directory.resolve("backup" + i))) {
        TransferWorkload.check(restored, before.get(i));
        TransferWorkload.step(restored, 0, new Random(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("backup " + i + "; replay with -Dtest=BackupTest -Dseed=" + seed, e);
      }
    }
    place.open().close();
    assertFalse(Files.exists(place.data.resolve("checkpoint")));
  }

  /** Returns once the writers have come so much further that memtables were flushed meanwhile. */
  private static void awaitProgress(AtomicIntegerArray acknowledged, AtomicReference<Throwable> failure) {
    int from = sum(acknowledged);
    while (sum(acknowledged) < from + 40 && failure.get() == null) {
      Thread.onSpinWait();
    }
  }

  private static int sum(AtomicIntegerArray numbers) {
    int sum = 0;
    for (int i = 0; i < numbers.length(); i++) {
      sum += numbers.get(i);
    }
    return sum;
  }

  private static int[] now(AtomicIntegerArray numbers) {
    int[] copy = new int[numbers.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = numbers.get(i);
    }
    return copy;
  }

  @Test
  void aBackupEndsAtTheStableHeadsAndIsVerifiedAsACopy() {
    TemporaryStore place = new TemporaryStore(directory);
    Path to = directory.resolve("backup");
    try (EmbeddedStore store = place.open()) {
      for (int i = 0; i < 100; i++) {
        put(store, "key" + i, "value " + "-".repeat(500));
      }
      BackupSummary made = store.backup(to, Progress.NONE);
      put(store, "after", "the backup");
      StoreSummary summary = StoreVerification.verifyCopy(to, place.options(), Progress.NONE);
      assertEquals(100, made.walRecord());
      assertEquals(100, summary.walRecord());
      assertTrue(made.bytes() > 10_000, made.toString());
    }
    try (EmbeddedStore restored = restore(place, to)) {
      assertNull(get(restored, "after"));
      assertEquals("value " + "-".repeat(500), get(restored, "key99"));
    }
  }

  @Test
  void aBackupWithAFlippedByteIsRefusedOrAnswersRight() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    Path backup = directory.resolve("backup");
    try (EmbeddedStore store = place.open()) {
      for (int i = 0; i < 60; i++) {
        put(store, "key" + i, "value " + i + "-".repeat(900));
      }
      store.backup(backup, Progress.NONE);
    }
    Random random = new Random(seed);
    int refused = 0;
    try (Stream<Path> files = Files.walk(backup)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        boolean ours = !file.startsWith(backup.resolve("leaves")) && bytes.length > SEGMENT_HEADER_BYTES;
        for (int i = 0; i < Math.min(bytes.length, 12); i++) {
          byte[] changed = bytes.clone();
          int at = random.nextInt(bytes.length);
          changed[at] ^= (byte) (1 << random.nextInt(8));
          Files.write(file, changed);
          String what = "byte " + at + " of " + backup.relativize(file) + "; replay with -Dtest=BackupTest -Dseed=" + seed;
          refused += refusedOrRight(place, backup, ours, what) ? 1 : 0;
        }
        Files.write(file, bytes);
      }
    }
    assertTrue(refused > 20, "refused " + refused);
  }

  private boolean refusedOrRight(TemporaryStore place, Path backup, boolean mustRefuse, String what) {
    try {
      StoreVerification.verifyCopy(backup, place.options(), Progress.NONE);
    } catch (KvException e) {
      assertThrows(KvException.class, () -> restore(place, backup).close(), what);
      return true;
    }
    assertFalse(mustRefuse, what);
    try (EmbeddedStore restored = restore(place, backup)) {
      for (int i = 0; i < 60; i++) {
        assertEquals("value " + i + "-".repeat(900), get(restored, "key" + i), what);
      }
    }
    return false;
  }

  @Test
  void aPlaceThatDoesNotDoIsRefusedAndTheStoreServesOn() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    Path full = Files.createDirectories(directory.resolve("full"));
    Files.writeString(full.resolve("something"), "of somebody's");
    try (EmbeddedStore store = place.open(); EmbeddedStore memory = EmbeddedStore.openInMemory()) {
      for (Path to : List.of(full, full.resolve("something"), place.data.resolve("inside"))) {
        KvException refused = assertThrows(KvException.InvalidRequest.class, () -> store.backup(to, Progress.NONE));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
      }
      assertThrows(KvException.InvalidRequest.class, () -> memory.backup(directory.resolve("memory"), Progress.NONE));
      put(store, "still", "serving");
    }
  }

  @Test
  void aHalfWrittenBackupIsNoStore() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    Path backup = directory.resolve("backup");
    try (EmbeddedStore store = place.open()) {
      put(store, "a", "b");
      store.backup(backup, Progress.NONE);
    }
    Files.delete(backup.resolve("STORE"));
    for (KvException refused : List.of(
        assertThrows(KvException.class, () -> EmbeddedStore.open(backup, place.options())),
        assertThrows(KvException.class, () -> StoreVerification.verifyCopy(backup, place.options(), Progress.NONE)))) {
      assertEquals(ErrorCode.NOT_A_STORE, refused.code());
    }
  }
}
