package org.treatydb.kv.enclave.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;

class IntervalTreeTest {

  private final Random random = new Random(11);

  private byte[] key() {
    byte[] key = new byte[1 + random.nextInt(2)];
    random.nextBytes(key);
    return key;
  }

  private KeyRange range() {
    KeyRange range = new KeyRange(key(), random.nextInt(20) == 0 ? null : key());
    return range.isEmpty() ? range() : range;
  }

  @Test
  void findsExactlyTheRangesThatOverlap() {
    IntervalTree<KeyRange> tree = new IntervalTree<>();
    List<IntervalTree.Interval<KeyRange>> model = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      if (model.size() < 5 || random.nextInt(200) < 140 - model.size()) {
        KeyRange added = random.nextInt(10) == 0 && !model.isEmpty() ? model.getFirst().range : range();
        model.add(tree.add(added, added));
      } else {
        tree.remove(model.remove(random.nextInt(model.size())));
      }
      KeyRange wanted = range();
      List<KeyRange> found = new ArrayList<>();
      tree.anyIn(wanted, each -> !found.add(each));
      assertEquals(sorted(model.stream().map(each -> each.value).filter(wanted::overlaps).toList()), sorted(found));
      byte[] key = key();
      List<KeyRange> around = new ArrayList<>();
      tree.anyAt(key, each -> !around.add(each));
      assertEquals(sorted(model.stream().map(each -> each.value).filter(each -> each.contains(key)).toList()), sorted(around));
      assertEquals(model.isEmpty(), tree.isEmpty());
    }
  }

  @Test
  void stopsAtTheFirstThatPasses() {
    IntervalTree<Integer> tree = new IntervalTree<>();
    for (int i = 0; i < 100; i++) {
      tree.add(KeyRange.ALL, i);
    }
    List<Integer> tested = new ArrayList<>();
    assertTrue(tree.anyAt(key(), each -> tested.add(each) && each == 3));
    assertEquals(List.of(0, 1, 2, 3), tested);
  }

  private static List<String> sorted(List<KeyRange> ranges) {
    return ranges.stream().map(KeyRange::toString).sorted().toList();
  }
}
