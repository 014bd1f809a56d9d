package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.CORRECT;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.REFUSED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** Older files, files of other stores, copies and removals: what no seal alone can notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollbackAttackTest {

  @TempDir(factory = MemoryDirectory.class)
  static Path directory;

  private AttackedStore target;

  @BeforeAll
  void build() {
    target = new AttackedStore(directory);
  }

  static Stream<Attack> attacksThatAreAlwaysNoticed() {
    return Stream.of(
        new Attack("yesterday's whole data directory", t -> DirectoryCopy.of(t.dataOf("day2"), t.place.data)),
        new Attack("the first day's whole data directory", t -> DirectoryCopy.of(t.dataOf("day1"), t.place.data)),
        new Attack("yesterday's WAL", t -> old(t, "day2", "wal")),
        new Attack("yesterday's MANIFEST", t -> old(t, "day2", "manifest")),
        new Attack("yesterday's WAL and MANIFEST", t -> old(t, "day2", "wal", "manifest")),
        new Attack("the first day's leaves", t -> old(t, "day1", "leaves")),
        new Attack("all but the STORE file of yesterday", t -> old(t, "day2", "wal", "manifest", "leaves")),
        new Attack("the WAL removed", t -> DirectoryCopy.remove(t.place.data.resolve("wal"))),
        new Attack("the MANIFEST removed", t -> DirectoryCopy.remove(t.place.data.resolve("manifest"))),
        new Attack("the leaves removed", t -> DirectoryCopy.remove(t.place.data.resolve("leaves"))),
        new Attack("the data directory removed", t -> DirectoryCopy.remove(t.place.data)),
        new Attack("the data directory emptied", t -> {
          DirectoryCopy.remove(t.place.data);
          Files.createDirectory(t.place.data);
        }),
        new Attack("the counter removed", t -> DirectoryCopy.remove(t.place.counters)),
        new Attack("the newest WAL segment removed", t -> Files.delete(segments(t.place.data, "wal").getLast())),
        new Attack("the newest MANIFEST segment removed", t -> Files.delete(segments(t.place.data, "manifest").getLast())),
        new Attack("another store's data directory under the same root key", t -> DirectoryCopy.of(t.other, t.place.data)),
        new Attack("another store's STORE file", t -> graft(t, "STORE")),
        new Attack("another store's WAL", t -> graft(t, "wal")),
        new Attack("another store's MANIFEST", t -> graft(t, "manifest")),
        new Attack("another store's leaves", t -> graft(t, "leaves")),
        new Attack("all but the STORE file of another store", t -> graft(t, "wal", "manifest", "leaves")),
        new Attack("WAL and MANIFEST in each other's place", t -> {
          Path aside = t.place.data.resolve("aside");
          Files.move(t.place.data.resolve("wal"), aside);
          Files.move(t.place.data.resolve("manifest"), t.place.data.resolve("wal"));
          Files.move(aside, t.place.data.resolve("manifest"));
        }));
  }

  static Stream<Attack> attacksThatDoNotMatter() {
    return Stream.of(
        new Attack("nothing", t -> { }),
        new Attack("a segment with the largest number", t ->
            Files.copy(segments(t.place.data, "wal").getLast(), t.place.data.resolve("wal/9999999999.log"))),
        new Attack("a MANIFEST segment with the largest number", t ->
            Files.write(t.place.data.resolve("manifest/9999999999.log"), new byte[500])),
        new Attack("files that are no segments", t -> {
          Files.write(t.place.data.resolve("wal/readme.txt"), new byte[10]);
          Files.write(t.place.data.resolve("manifest/1.log"), new byte[10]);
        }),
        new Attack("a torn tail of noise behind the WAL", t ->
            Files.write(segments(t.place.data, "wal").getLast(), new byte[777], StandardOpenOption.APPEND)),
        new Attack("a torn tail of noise behind the MANIFEST", t ->
            Files.write(segments(t.place.data, "manifest").getLast(), new byte[] {1, 0, 0}, StandardOpenOption.APPEND)),
        new Attack("an orphaned new header beside the old one", t -> Files.write(t.place.data.resolve("STORE.new"), new byte[3])),
        new Attack("the lock file removed", t -> Files.delete(t.place.data.resolve("LOCK"))));
  }

  private static List<Path> segments(Path data, String log) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve(log))) {
      return files.sorted().toList();
    }
  }

  private static void old(AttackedStore t, String day, String... parts) {
    for (String part : parts) {
      DirectoryCopy.of(t.dataOf(day).resolve(part), t.place.data.resolve(part));
    }
  }

  private static void graft(AttackedStore t, String... parts) {
    for (String part : parts) {
      DirectoryCopy.of(t.other.resolve(part), t.place.data.resolve(part));
    }
  }

  @ParameterizedTest
  @MethodSource("attacksThatAreAlwaysNoticed")
  void isRefused(Attack attack) throws Exception {
    assertEquals(REFUSED, target.strike(attack));
  }

  @ParameterizedTest
  @MethodSource("attacksThatDoNotMatter")
  void doesNotMatter(Attack attack) throws Exception {
    assertEquals(CORRECT, target.strike(attack));
  }

  /** Every WAL or MANIFEST segment of an earlier day, dropped since, put back beside today's. */
  @Test
  void droppedSegmentsPutBackAreHarmlessOrNoticed() throws Exception {
    for (String day : List.of("day1", "day2")) {
      for (String log : List.of("wal", "manifest")) {
        for (Path old : segments(target.dataOf(day), log)) {
          target.strike(new Attack(day + "'s " + log + "/" + old.getFileName(), t ->
              Files.copy(old, t.place.data.resolve(log).resolve(old.getFileName()), StandardCopyOption.REPLACE_EXISTING)));
        }
      }
    }
  }

  /** The control of all rollbacks: with the counter of that day put back, too, yesterday's data pass for today's. */
  @Test
  void withoutAFreshCounterARollbackWouldGoUnnoticed() {
    target.restore("day2");
    try (EmbeddedStore store = target.open()) {
      assertThrows(AssertionError.class, () -> target.compare(store), "yesterday's answers are today's: the attack shows nothing");
    }
  }

  @Test
  void aStoreCopiedToAnotherPlaceIsNotServedThere() {
    target.restore("today");
    Path elsewhere = DirectoryCopy.of(target.place.data, directory.resolve("elsewhere"));
    KvException refused = assertThrows(
        KvException.IntegrityViolation.class, () -> EmbeddedStore.open(elsewhere, target.place.options()).close());
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    assertEquals(CORRECT, target.look());
  }

  /** Of two copies that take turns at one counter, the one that has fallen behind is refused. */
  @Test
  void ofTwoCopiesWithOneCounterOnlyOneGoesOn() {
    target.restore("today");
    Path copy = DirectoryCopy.of(target.place.data, directory.resolve("copy"));
    assertEquals(CORRECT, target.look());
    DirectoryCopy.of(copy, target.place.data);
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> target.open().close());
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  /** The same store twice behind two paths, with one counter file: the file is held by whoever came first. */
  @Test
  void aSecondCopyCannotOpenTheCounterThatTheFirstHolds() {
    target.restore("today");
    Path moved = directory.resolve("moved");
    try (EmbeddedStore store = target.open()) {
      target.place.data.toFile().renameTo(moved.toFile());
      DirectoryCopy.of(moved, target.place.data);
      KvException refused = assertThrows(KvException.class, () -> target.open().close());
      assertEquals(ErrorCode.STORE_IN_USE, refused.code());
      target.compare(store);
    } finally {
      DirectoryCopy.remove(moved);
    }
  }
}
