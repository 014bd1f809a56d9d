package org.treatydb.dist.enclave.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;

/** What a node remembers of ranges that came and went. */
class HoldingsTest {

  private static final int KEYS = 40;
  private static final int ROUNDS = 3000;

  private static KeyRange range(int from, int to) {
    return new KeyRange(new byte[] {(byte) from}, to == KEYS ? null : new byte[] {(byte) to});
  }

  /** One key after the other, as a plain array has them. */
  @Test
  void eachKeyIsRememberedAsItWasLastSaid() {
    Random random = new Random(1);
    Holding[] model = new Holding[KEYS];
    Holdings holdings = Holdings.NONE;
    for (int round = 0; round < ROUNDS; round++) {
      int from = random.nextInt(KEYS);
      KeyRange range = range(from, from + 1 + random.nextInt(KEYS - from));
      Holding holding = switch (random.nextInt(4)) {
        case 0 -> new Holding.Giving(range, 2, 3, round);
        case 1 -> new Holding.Given(range, 3, round);
        case 2 -> new Holding.Taken(range, 5);
        default -> null;
      };
      holdings = holding == null ? holdings.without(range) : holdings.with(holding);
      for (int key = from; key < KEYS && range.contains(new byte[] {(byte) key}); key++) {
        model[key] = holding;
      }
      for (int key = 0; key < KEYS; key++) {
        assertSame(model[key], holdings.overlapping(range(key, key + 1)));
      }
      List<Holding> all = holdings.all();
      for (int i = 1; i < all.size(); i++) {
        assertTrue(Arrays.compareUnsigned(all.get(i - 1).range().end(), all.get(i).range().start()) <= 0);
      }
    }
  }

  private static void assertSame(Holding expected, List<Holding> found) {
    assertEquals(expected == null ? 0 : 1, found.size());
    if (expected != null) {
      assertEquals(expected.of(KeyRange.ALL), found.getFirst().of(KeyRange.ALL));
    }
  }

  @Test
  void manySmallMovesLeaveOneRange() {
    Holdings holdings = Holdings.NONE;
    for (int key : new int[] {3, 1, 2, 0}) {
      holdings = holdings.with(new Holding.Taken(range(key, key + 1), key));
    }
    assertEquals(List.of(new Holding.Taken(range(0, 4), 3)), holdings.all());
  }

  @Test
  void ofWhatWasGivenTheNewestIsRemembered() {
    Holdings holdings = Holdings.NONE;
    for (int key = 0; key < 5; key++) {
      holdings = holdings.with(new Holding.Given(range(key, key + 1), 0, 10 - key));
    }
    assertEquals(
        List.of(new Holding.Given(range(0, 1), 0, 10), new Holding.Given(range(1, 2), 0, 9)), holdings.withGivenUpTo(2).all());
  }
}
