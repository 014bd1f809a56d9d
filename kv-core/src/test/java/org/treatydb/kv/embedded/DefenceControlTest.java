package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.CORRECT;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.REFUSED;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.Defences.Defence;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.WeakenedKeys;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.StateDirectory;

/**
 * Each defence, on and off: the same attack is refused with it and goes unnoticed without it, so that it is this defence
 * which the attack tests test. (The counter's control is in {@link RollbackAttackTest}, that of fencing in {@code
 * TwoBootsTest}.)
 */
class DefenceControlTest {

  private static final int FLUSH_ID_AT = 2;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private AttackedStore with() {
    return new AttackedStore(directory.resolve("with"));
  }

  private AttackedStore without(Defence defence) {
    return new AttackedStore(directory.resolve("without"), WeakenedKeys.without(defence));
  }

  /** The attack leads to wrong answers that nobody notices. */
  private static void assertUnnoticed(AttackedStore target, Attack attack) {
    AssertionError wrong = assertThrows(AssertionError.class, () -> target.strike(attack));
    assertTrue(wrong.getMessage().startsWith("a wrong or old"), wrong.getMessage());
  }

  @Test
  void withoutADefenceOffAStoreIsTheSame() {
    for (Defence defence : Defence.values()) {
      assertEquals(CORRECT, new AttackedStore(directory.resolve(defence.name()), WeakenedKeys.without(defence)).look());
    }
  }

  @Test
  void tagsCatchFlippedBits() throws Exception {
    assertTrue(unnoticedFlips(with()) == 0, "a flipped bit went unnoticed");
    assertTrue(unnoticedFlips(without(Defence.TAG)) > 0, "no flip would do harm: the attack shows nothing");
  }

  /** Flips bits in the newest frames of leaves, and counts the attacks that lead to wrong answers. */
  private static int unnoticedFlips(AttackedStore target) throws Exception {
    int unnoticed = 0;
    for (Map.Entry<Long, byte[]> leaf : LeafSurgery.leaves(target.place.data).entrySet()) {
      byte[] changed = leaf.getValue().clone();
      changed[changed.length - 40] ^= 1;
      try {
        target.strike(new Attack("flip a bit of leaf " + leaf.getKey(), t -> LeafSurgery.set(t.place.data, leaf.getKey(), changed)));
      } catch (AssertionError e) {
        unnoticed++;
      }
    }
    return unnoticed;
  }

  @Test
  void placesCatchSwappedLeaves() throws Exception {
    AttackedStore with = with();
    assertEquals(REFUSED, with.strike(swapOfLikeLeaves(with)));
    AttackedStore without = without(Defence.PLACE);
    assertUnnoticed(without, swapOfLikeLeaves(without));
  }

  /** Swaps two leaves that the same flushes wrote, so that what the directory knows of both fits either. */
  private static Attack swapOfLikeLeaves(AttackedStore target) throws Exception {
    Map<Long, byte[]> leaves = LeafSurgery.leaves(target.place.data);
    for (long one : leaves.keySet()) {
      for (long other : leaves.keySet()) {
        if (one < other && flushes(leaves.get(one)).equals(flushes(leaves.get(other)))) {
          return new Attack("swap leaves " + one + " and " + other, t -> {
            LeafSurgery.set(t.place.data, one, leaves.get(other));
            LeafSurgery.set(t.place.data, other, leaves.get(one));
          });
        }
      }
    }
    throw new AssertionError("no two leaves of the same flushes");
  }

  private static List<Long> flushes(byte[] leaf) {
    List<Long> ids = new ArrayList<>();
    for (byte[] frame : LeafSurgery.frames(leaf)) {
      ids.add(ByteBuffer.wrap(frame).getLong(FLUSH_ID_AT));
    }
    return ids;
  }

  @Test
  void theDirectoryCatchesOlderLeaves() throws Exception {
    AttackedStore with = with();
    assertEquals(REFUSED, with.strike(olderLeaves()));
    assertUnnoticed(without(Defence.DIRECTORY), olderLeaves());
  }

  private static Attack olderLeaves() {
    return new Attack("drop the newest frame of every leaf", t -> {
      for (Map.Entry<Long, byte[]> leaf : LeafSurgery.leaves(t.place.data).entrySet()) {
        List<byte[]> frames = LeafSurgery.frames(leaf.getValue());
        if (frames.size() > 1) {
          LeafSurgery.set(t.place.data, leaf.getKey(), LeafSurgery.join(frames.subList(0, frames.size() - 1)));
        }
      }
    });
  }

  /**
   * A crash leaves a commit on disk that was never confirmed; the next boot cuts it off and confirms another under the
   * same number. Then the first one's log is put back: seals, places and number are right, history is not.
   */
  @Test
  void theLogsDigestCatchesAnotherHistoryOfTheSameLength() {
    BiFunction<SecretKey, StoreId, KeySchedule> all = KeySchedule::new;
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> openForked("with", all).close());
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    assertTrue(refused.getMessage().contains("not the one the trusted counter confirmed"), refused.getMessage());
    try (EmbeddedStore forked = openForked("without", WeakenedKeys.without(Defence.LOG_DIGEST))) {
      assertEquals("yes", get(forked, "never acknowledged"));
      assertNull(get(forked, "acknowledged"));
    }
  }

  private EmbeddedStore openForked(String name, BiFunction<SecretKey, StoreId, KeySchedule> keys) {
    TemporaryStore place = new TemporaryStore(directory.resolve(name));
    Path unconfirmed = directory.resolve(name + "-unconfirmed");
    Path counters = directory.resolve(name + "-counters");
    Path crashed = directory.resolve(name + "-crashed");
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys)) {
      put(store, "common", "past");
      DirectoryCopy.of(place.counters, counters);
      put(store, "never acknowledged", "yes");
      DirectoryCopy.of(place.data, unconfirmed);
    }
    DirectoryCopy.of(unconfirmed, place.data);
    DirectoryCopy.of(counters, place.counters);
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys)) {
      assertNull(get(store, "never acknowledged"));
      put(store, "acknowledged", "yes");
      DirectoryCopy.of(place.data, crashed);
      DirectoryCopy.of(place.counters, counters);
    }
    DirectoryCopy.of(crashed, place.data);
    DirectoryCopy.of(counters, place.counters);
    DirectoryCopy.of(unconfirmed.resolve("wal"), place.data.resolve("wal"));
    assertFalse(place.data.resolve("wal").toFile().list().length == 0);
    return EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys);
  }

  /**
   * Two copies of a store are adopted, and each goes its own way; then the WAL of the one is put beside MANIFEST and leaves
   * of the other, where the record numbers fit, and the operator adopts that.
   */
  @Test
  void theWalsHeadInTheManifestCatchesAMixOfTwoAdoptedCopies() {
    TemporaryStore with = new TemporaryStore(directory.resolve("with"));
    Path mix = mixOfTwoAdoptedCopies(with, KeySchedule::new);
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> new StoreAdoption(mix, with.options(), Progress.NONE));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    assertTrue(refused.getMessage().contains("another copy of the store"), refused.getMessage());
    assertThrows(KvException.IntegrityViolation.class, () -> EmbeddedStore.open(mix, with.options(), TemporaryStore.SMALL).close());

    TemporaryStore without = new TemporaryStore(directory.resolve("without"));
    BiFunction<SecretKey, StoreId, KeySchedule> weakened = WeakenedKeys.without(Defence.WAL_HEAD);
    Path unnoticed = mixOfTwoAdoptedCopies(without, weakened);
    try (EmbeddedStore store = EmbeddedStore.open(unnoticed, without.options(), TemporaryStore.SMALL, weakened)) {
      assertEquals("yes", get(store, "first1"));
      assertEquals("yes", get(store, "second3"));
      assertNull(get(store, "second1"), "committed before second3");
    }
  }

  /** Returns the mix; its counter is what adopting it without a check would have made of it. */
  private static Path mixOfTwoAdoptedCopies(TemporaryStore place, BiFunction<SecretKey, StoreId, KeySchedule> keys) {
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys)) {
      put(store, "common", "past");
    }
    Path first = adoptedCopy(place, "first", 2, keys);
    Path second = adoptedCopy(place, "second", 3, keys);
    DirectoryCopy.of(second.resolve("wal"), first.resolve("wal"));
    try (CounterFile counter = new CounterFile(StateDirectory.counterFile(place.counters, first));
        CounterFile ofSecond = new CounterFile(StateDirectory.counterFile(place.counters, second))) {
      TrustedCounter.State state = counter.read().orElseThrow();
      LogHead wal = ofSecond.read().orElseThrow().heads().get(LogName.WAL);
      counter.adopt(state.confirmed(state.bootEpoch(), LogName.WAL, wal));
    }
    return first;
  }

  private static Path adoptedCopy(
      TemporaryStore place, String name, int commits, BiFunction<SecretKey, StoreId, KeySchedule> keys) {
    Path copy = DirectoryCopy.of(place.data, place.data.resolveSibling(name));
    try (StoreAdoption adoption = new StoreAdoption(copy, place.options(), Progress.NONE)) {
      adoption.register();
    }
    try (EmbeddedStore store = EmbeddedStore.open(copy, place.options(), TemporaryStore.SMALL, keys)) {
      for (int i = 1; i <= commits; i++) {
        put(store, name + i, "yes");
      }
    }
    return copy;
  }

  /** The MANIFEST of a backup is cut off before a bulk load, while the WAL keeps the commits after it; the operator adopts that. */
  @Test
  void theManifestsHeadInTheWalCatchesABackupThatHasLostALoad() {
    TemporaryStore with = new TemporaryStore(directory.resolve("with"));
    Path doctored = backupWithoutItsLoad(with, KeySchedule::new);
    KvException refused =
        assertThrows(KvException.IntegrityViolation.class, () -> new StoreAdoption(doctored, with.options(), Progress.NONE));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    assertThrows(
        KvException.IntegrityViolation.class, () -> StoreVerification.verifyCopy(doctored, with.options(), Progress.NONE));

    TemporaryStore without = new TemporaryStore(directory.resolve("without"));
    BiFunction<SecretKey, StoreId, KeySchedule> weakened = WeakenedKeys.without(Defence.MANIFEST_HEAD);
    Path unnoticed = backupWithoutItsLoad(without, weakened);
    try (EmbeddedStore store = EmbeddedStore.open(unnoticed, without.options(), TemporaryStore.SMALL, weakened)) {
      assertEquals("yes", get(store, "before"));
      assertNull(get(store, "loaded"), "committed before what follows");
      assertEquals("yes", get(store, "after"));
    }
  }

  /** Returns the backup; its counter is what adopting it without a check would have made of it. */
  private static Path backupWithoutItsLoad(TemporaryStore place, BiFunction<SecretKey, StoreId, KeySchedule> keys) {
    Path copy = place.data.resolveSibling("copy");
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys)) {
      put(store, "before", "yes");
      KeyValue row = new KeyValue(TemporaryStore.bytes("loaded"), TemporaryStore.bytes("yes"));
      store.load(KeyRange.point(row.key()), List.of(row).iterator());
      put(store, "after", "yes");
      store.backup(copy, Progress.NONE);
      Files.copy(StateDirectory.counterFile(place.counters, place.data), StateDirectory.counterFile(place.counters, copy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (File segment : copy.resolve("manifest").toFile().listFiles()) {
      assertTrue(segment.delete());
    }
    try (CounterFile counter = new CounterFile(StateDirectory.counterFile(place.counters, copy))) {
      TrustedCounter.State state = counter.read().orElseThrow();
      counter.adopt(new TrustedCounter.State(state.store(), state.bootEpoch(), Map.of(LogName.WAL, state.heads().get(LogName.WAL))));
    }
    return copy;
  }
}
