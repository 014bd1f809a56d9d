package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.CORRECT;
import static org.treatydb.kv.embedded.AttackedStore.Outcome.REFUSED;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.treatydb.kv.api.KvException;

/** Attacks inside RocksDB, through RocksDB: its own checksums are all right, what it holds is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeafAttackTest {

  private static final int FRAME_HEADER_BYTES = 26;

  @TempDir(factory = MemoryDirectory.class)
  static Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private AttackedStore target;
  private NavigableMap<Long, byte[]> today;
  private NavigableMap<Long, byte[]> yesterday;
  private NavigableMap<Long, byte[]> others;
  /** A leaf with several frames that today's directory names. */
  private long deltas;

  @BeforeAll
  void build() throws Exception {
    target = new AttackedStore(directory);
    today = leavesOf(target.place.data);
    yesterday = leavesOf(target.dataOf("day2"));
    others = leavesOf(target.other);
    deltas = today.entrySet().stream()
        .filter(leaf -> LeafSurgery.frames(leaf.getValue()).size() > 2 && isNamed(leaf.getKey()))
        .findFirst().orElseThrow(() -> new AssertionError("no leaf has three frames")).getKey();
  }

  private NavigableMap<Long, byte[]> leavesOf(Path data) throws RocksDBException {
    return LeafSurgery.leaves(DirectoryCopy.of(data, directory.resolve("look")));
  }

  /** Whether today's directory names that leaf: then the store misses it. */
  private boolean isNamed(long leaf) {
    return strike("remove leaf " + leaf, leaf, null) == REFUSED;
  }

  private AttackedStore.Outcome strike(String name, long leaf, byte[] value) {
    try {
      return target.strike(new Attack(name, t -> LeafSurgery.set(t.place.data, leaf, value)));
    } catch (Throwable e) {
      throw new AssertionError("after the attack \"" + name + "\"; replay with -Dtest=LeafAttackTest -Dseed=" + seed, e);
    }
  }

  private AttackedStore.Outcome strikeFrames(String name, UnaryOperator<List<byte[]>> change) {
    List<byte[]> frames = new ArrayList<>(LeafSurgery.frames(today.get(deltas)));
    return strike(name, deltas, LeafSurgery.join(change.apply(frames)));
  }

  @Test
  void everyLeafThatIsRemovedOrEmptiedIsMissed() {
    int refused = 0;
    for (long leaf : today.keySet()) {
      boolean named = isNamed(leaf);
      assertEquals(named ? REFUSED : CORRECT, strike("empty leaf " + leaf, leaf, new byte[0]));
      refused += named ? 1 : 0;
    }
    assertTrue(refused >= 5, "only " + refused + " leaves are in use");
  }

  @Test
  void swappedLeavesAreNoticed() throws Exception {
    for (long leaf : today.keySet()) {
      if (leaf != deltas) {
        assertEquals(REFUSED, target.strike(new Attack("swap leaves " + leaf + " and " + deltas, t -> {
          LeafSurgery.set(t.place.data, leaf, today.get(deltas));
          LeafSurgery.set(t.place.data, deltas, today.get(leaf));
        })));
      }
    }
  }

  @Test
  void leavesOfAnotherStoreAreNoticed() {
    for (long leaf : others.keySet()) {
      if (today.containsKey(leaf) && isNamed(leaf)) {
        assertEquals(REFUSED, strike("another store's leaf " + leaf, leaf, others.get(leaf)));
      }
    }
    assertEquals(REFUSED, strike("another store's leaf", deltas, others.firstEntry().getValue()));
  }

  @Test
  void olderFramesOfALeafAreNoticed() {
    assertEquals(REFUSED, strikeFrames("drop the newest frame", frames -> frames.subList(0, frames.size() - 1)));
    assertEquals(REFUSED, strikeFrames("keep only the base frame", frames -> frames.subList(0, 1)));
    assertEquals(REFUSED, strikeFrames("drop the base frame", frames -> frames.subList(1, frames.size())));
    assertEquals(REFUSED, strikeFrames("drop a middle frame", frames -> {
      frames.remove(1);
      return frames;
    }));
    for (long leaf : yesterday.keySet()) {
      if (today.containsKey(leaf)) {
        strike("yesterday's leaf " + leaf, leaf, yesterday.get(leaf));
      }
    }
  }

  @Test
  void framesInAnotherOrderAreNoticed() {
    assertEquals(REFUSED, strikeFrames("reverse the frames", List::reversed));
    assertEquals(REFUSED, strikeFrames("swap the deltas", frames -> {
      Collections.swap(frames, 1, 2);
      return frames;
    }));
    assertEquals(REFUSED, strikeFrames("the last frame in the place of the middle one", frames -> {
      frames.set(1, frames.getLast());
      return frames;
    }));
  }

  /** What lies there beside the frames that the directory names is what a crashed flush may leave, too. */
  @Test
  void framesThatTheDirectoryDoesNotNameArePassedOver() {
    assertEquals(CORRECT, strikeFrames("every frame twice", frames -> {
      List<byte[]> twice = new ArrayList<>();
      frames.forEach(frame -> twice.addAll(List.of(frame, frame)));
      return twice;
    }));
    assertEquals(CORRECT, strikeFrames("another store's frame in front", frames -> {
      byte[] foreign = LeafSurgery.frames(others.firstEntry().getValue()).getFirst().clone();
      ByteBuffer.wrap(foreign).putLong(2, 99L << Integer.SIZE);
      frames.addFirst(foreign);
      return frames;
    }));
    // Read over today, and met when the next frame comes to lie behind it.
    strikeFrames("garbage behind", frames -> {
      frames.add(new byte[1000]);
      return frames;
    });
    assertEquals(REFUSED, strikeFrames("garbage in front", frames -> {
      frames.addFirst(new byte[1000]);
      return frames;
    }));
  }

  @Test
  void lyingLengthsAreNoticedAndCostNothing() {
    for (int field : new int[] {18, 22}) {
      for (int length : new int[] {0, -1, 15, Integer.MAX_VALUE, 1 << 30}) {
        assertEquals(REFUSED, strikeFrames("length " + length + " at " + field, frames -> {
          ByteBuffer.wrap(frames.getFirst()).putInt(field, length);
          return frames;
        }));
      }
    }
  }

  @Test
  void anyFlippedBitOfAFrameIsNoticed() {
    Random random = new Random(seed);
    List<byte[]> frames = LeafSurgery.frames(today.get(deltas));
    for (int number : new int[] {0, frames.size() - 1}) {
      for (int i = 0; i < FRAME_HEADER_BYTES + 8; i++) {
        int at = i < FRAME_HEADER_BYTES ? i : random.nextInt(frames.get(number).length);
        int mask = 1 << random.nextInt(8);
        assertEquals(REFUSED, strikeFrames("bit " + mask + " of byte " + at + " of frame " + number, all -> {
          byte[] changed = all.get(number).clone();
          changed[at] ^= (byte) mask;
          all.set(number, changed);
          return all;
        }));
      }
    }
  }

  /** The files change while the store serves: what it reads from then on is checked as well. */
  @Test
  void aStoreThatServesFencesItselfWhenItMeetsAnAttack() throws Exception {
    target.restore("today");
    LeafSurgery.set(target.place.data, deltas, new byte[] {1, 2, 3});
    try (EmbeddedStore store = target.open()) {
      put(store, "before", "the attack is met");
      KvException met = assertThrows(KvException.IntegrityViolation.class, () -> target.compare(store));
      assertTrue(met.getMessage().contains("leaf " + deltas), met.getMessage());
      KvException later = assertThrows(KvException.IntegrityViolation.class, store::begin);
      assertTrue(later.getMessage().contains("leaf " + deltas), later.getMessage());
      assertThrows(KvException.IntegrityViolation.class, () -> put(store, "after", "it"));
    }
  }
}
