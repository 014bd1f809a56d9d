package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;

/** The operator's explicit word makes a moved or restored store the newest; it makes nothing else acceptable. */
class AdoptionTest {

  private static final int ROWS = 300;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private TemporaryStore place;
  private Path morning;

  /** A store, and an image of it from this morning, before {@code evening} was written. */
  @BeforeEach
  void build() {
    place = new TemporaryStore(directory);
    morning = directory.resolve("morning");
    try (EmbeddedStore store = place.open()) {
      for (int i = 0; i < ROWS; i++) {
        put(store, "row%04d".formatted(i), "value " + i + "-".repeat(200));
      }
    }
    DirectoryCopy.of(place.data, morning);
    try (EmbeddedStore store = place.open()) {
      put(store, "evening", "written");
    }
  }

  private StoreAdoption inspect(Path data) {
    return new StoreAdoption(data, place.options(), Progress.NONE);
  }

  private EmbeddedStore open(Path data) {
    return EmbeddedStore.open(data, place.options(), TemporaryStore.SMALL);
  }

  private void adopt(Path data) {
    try (StoreAdoption adoption = inspect(data)) {
      adoption.register();
    }
  }

  private void assertRefused(ErrorCode code, Path data) {
    assertEquals(code, assertThrows(KvException.class, () -> inspect(data)).code());
  }

  @Test
  void aMovedStoreOpensOnceItIsAdopted() throws IOException {
    Path moved = directory.resolve("moved");
    Files.move(place.data, moved);
    assertThrows(KvException.IntegrityViolation.class, () -> open(moved));
    try (StoreAdoption adoption = inspect(moved)) {
      assertEquals(Optional.of(adoption.summary().walRecord()), adoption.walRecordConfirmed(), "its old counter knows it");
      assertEquals(ROWS + 1, adoption.summary().walRecord());
      assertEquals(ROWS + 1, adoption.summary().versions() + adoption.summary().walWrites());
      adoption.register();
    }
    for (int boot = 0; boot < 2; boot++) {
      try (EmbeddedStore store = open(moved)) {
        assertEquals("written", get(store, "evening"));
        assertEquals("value 7" + "-".repeat(200), get(store, "row0007"));
        put(store, "boot" + boot, "works");
      }
    }
  }

  @Test
  void aRestoredStoreTellsWhatIsLostAndOpensAsItWasThen() {
    DirectoryCopy.of(morning, place.data);
    assertThrows(KvException.IntegrityViolation.class, place::open);
    try (StoreAdoption adoption = inspect(place.data)) {
      assertEquals(ROWS, adoption.summary().walRecord());
      assertEquals(Optional.of(ROWS + 1L), adoption.walRecordConfirmed());
      adoption.register();
    }
    try (EmbeddedStore store = place.open()) {
      assertEquals(null, get(store, "evening"));
      put(store, "evening", "another");
    }
  }

  @Test
  void afterTheAdoptionTheStatesBeforeAndBesideItAreRefused() {
    Path evening = DirectoryCopy.of(place.data, directory.resolve("evening"));
    DirectoryCopy.of(morning, place.data);
    adopt(place.data);
    try (EmbeddedStore store = place.open()) {
      put(store, "evening", "another");
    }
    DirectoryCopy.of(evening, place.data);
    assertThrows(KvException.IntegrityViolation.class, place::open, "the evening that was given up");
    DirectoryCopy.of(morning, place.data);
    assertThrows(KvException.IntegrityViolation.class, place::open, "the morning, again");
  }

  @Test
  void inspectionAloneChangesNothing() {
    DirectoryCopy.of(morning, place.data);
    FileImage before = FileImage.of(place.data, place.counters);
    inspect(place.data).close();
    assertEquals(before, FileImage.of(place.data, place.counters));
    assertThrows(KvException.IntegrityViolation.class, place::open);
  }

  @Test
  void noByteOfTheLogsOrTheHeaderMayHaveBeenChanged() throws IOException {
    crashImage();
    int tried = 0;
    for (String part : new String[] {"STORE", "wal", "manifest"}) {
      try (Stream<Path> files = Files.walk(place.data.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          int written = part.equals("STORE") ? bytes.length : WrittenBytes.of(file);
          for (int at = 0; at < written; at += 1 + written / 40) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            Files.write(file, changed);
            String what = "byte " + at + " of " + place.data.relativize(file);
            assertThrows(KvException.class, () -> inspect(place.data).close(), what);
            tried++;
          }
          Files.write(file, bytes);
        }
      }
    }
    assertTrue(tried > 80, "only " + tried);
    adopt(place.data);
  }

  /** Leaves the files as a crash does: the newest commits are in the WAL only. */
  private void crashImage() {
    Path crashed = directory.resolve("crashed");
    try (EmbeddedStore store = place.open()) {
      put(store, "late", "one");
      put(store, "late", "two");
      DirectoryCopy.of(place.data, crashed);
    }
    DirectoryCopy.of(crashed, place.data);
  }

  @Test
  void aTornTailCostsTheTornCommitOnly() throws IOException {
    crashImage();
    long last;
    try (StoreAdoption whole = inspect(place.data)) {
      last = whole.summary().walRecord();
    }
    Path newest = segments("wal").getLast();
    long size = WrittenBytes.of(newest);
    for (long cut = 1; cut < 60; cut += 7) {
      try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
        file.setLength(size - cut);
      }
      try (StoreAdoption torn = inspect(place.data)) {
        assertEquals(last - 1, torn.summary().walRecord(), "cut by " + cut);
      }
    }
    try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
      file.setLength(size + 5000);
    }
    adopt(place.data);
    try (EmbeddedStore store = place.open()) {
      assertEquals("one", get(store, "late"));
    }
  }

  private List<Path> segments(String log) throws IOException {
    try (Stream<Path> files = Files.list(place.data.resolve(log))) {
      return files.sorted().toList();
    }
  }

  @Test
  void filesOfDifferentMomentsAreRefused() {
    Path evening = DirectoryCopy.of(place.data, directory.resolve("evening"));
    DirectoryCopy.of(morning.resolve("leaves"), place.data.resolve("leaves"));
    assertRefused(ErrorCode.INTEGRITY_VIOLATION, place.data);
    DirectoryCopy.of(evening, place.data);
    DirectoryCopy.of(morning.resolve("wal"), place.data.resolve("wal"));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, place.data);
    DirectoryCopy.remove(place.data.resolve("wal"));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, place.data);
  }

  @Test
  void aChangedLeafIsRefused() throws Exception {
    for (long leaf : LeafSurgery.leaves(place.data).keySet()) {
      byte[] value = LeafSurgery.leaves(place.data).get(leaf);
      byte[] changed = value.clone();
      changed[value.length - 1] ^= 1;
      LeafSurgery.set(place.data, leaf, changed);
      assertRefused(ErrorCode.INTEGRITY_VIOLATION, place.data);
      LeafSurgery.set(place.data, leaf, value);
    }
    adopt(place.data);
  }

  @Test
  void whatCannotBeAdoptedIsSaid() throws IOException {
    try (EmbeddedStore store = place.open()) {
      assertRefused(ErrorCode.STORE_IN_USE, place.data);
      put(store, "still", "serving");
    }
    assertRefused(ErrorCode.NOT_A_STORE, directory.resolve("nowhere"));
    assertFalse(Files.exists(directory.resolve("nowhere")));
    Files.writeString(place.keyFile, "ab".repeat(32));
    assertRefused(ErrorCode.WRONG_KEY, place.data);
  }

  @Test
  void aPlaceThatAnotherStoreHeldIsTakenOverWithAWarning() {
    TemporaryStore other = new TemporaryStore(directory.resolve("other"));
    EmbeddedStoreOptions options = other.options().withCounterDirectory(place.counters);
    try (EmbeddedStore store = EmbeddedStore.open(other.data, options)) {
      put(store, "of", "another");
    }
    DirectoryCopy.of(place.data, other.data);
    try (StoreAdoption adoption = inspect(other.data)) {
      assertTrue(adoption.otherStoreRemembered().isPresent());
      adoption.register();
    }
    try (EmbeddedStore store = open(other.data)) {
      assertEquals("written", get(store, "evening"));
    }
  }

  @Test
  void aStoreThatNeedsNoAdoptionSaysSo() {
    try (StoreAdoption adoption = inspect(place.data)) {
      assertTrue(adoption.isNeedless());
    }
    DirectoryCopy.of(morning, place.data);
    try (StoreAdoption adoption = inspect(place.data)) {
      assertFalse(adoption.isNeedless());
    }
  }
}
