package org.treatydb.kv.enclave.leaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.VersionedKey;

/** Blocks put together, cut and searched are what sorted versions in a map are. */
class EntryBlockTest {

  private static final Comparator<VersionedKey> ORDER = Comparator.naturalOrder();

  private final Random random = new Random(Long.getLong("seed", 5));

  private byte[] key() {
    byte[] key = new byte[random.nextInt(8) == 0 ? 120 + random.nextInt(20) : random.nextInt(3)];
    Arrays.fill(key, (byte) (random.nextInt(5) * 60));
    return key;
  }

  private TreeMap<VersionedKey, Entry> versions(int count) {
    TreeMap<VersionedKey, Entry> versions = new TreeMap<>(ORDER);
    for (int i = 0; i < count; i++) {
      Entry entry = new Entry(key(), 1 + random.nextInt(20), null);
      versions.put(new VersionedKey(entry.key(), entry.timestamp()), withValue(entry));
    }
    return versions;
  }

  /** The same version has the same value wherever it occurs. */
  private static Entry withValue(Entry entry) {
    int number = Arrays.hashCode(entry.key()) * 31 + (int) entry.timestamp();
    byte[] value = number % 4 == 0 ? null : new byte[number % 5 == 0 ? 150 : Math.floorMod(number, 7)];
    return new Entry(entry.key(), entry.timestamp(), value);
  }

  private static EntryBlock block(TreeMap<VersionedKey, Entry> versions) {
    return EntryBlock.of(List.copyOf(versions.values()));
  }

  private static String text(Entry entry) {
    return Arrays.toString(entry.key()) + "@" + entry.timestamp() + "=" + (entry.isTombstone() ? "none" : entry.value().length);
  }

  private static List<String> texts(Iterable<Entry> entries) {
    List<String> texts = new ArrayList<>();
    entries.forEach(entry -> texts.add(text(entry)));
    return texts;
  }

  @Test
  void mergedBlocksHoldEveryVersionOnceAndInOrder() {
    for (int i = 0; i < 1000; i++) {
      TreeMap<VersionedKey, Entry> all = new TreeMap<>(ORDER);
      List<EntryBlock> blocks = new ArrayList<>();
      for (int j = random.nextInt(5); j >= 0; j--) {
        TreeMap<VersionedKey, Entry> versions = versions(random.nextInt(20));
        all.putAll(versions);
        blocks.add(block(versions));
      }
      EntryBlock merged = EntryBlock.merge(blocks);
      assertEquals(texts(all.values()), texts(merged.entries()));
      assertEquals(texts(all.values()), texts(EntryBlock.decode(merged.encode()).entries()));
      assertEquals(all.values().stream().mapToInt(EntryBlock::encodedBytes).sum(), merged.length());
    }
  }

  @Test
  void partsOfABlockAreWhatTheyAreOfTheList() {
    for (int i = 0; i < 1000; i++) {
      EntryBlock block = EntryBlock.merge(List.of(block(versions(15)), block(versions(15))));
      int from = random.nextInt(block.count() + 1);
      int to = from + random.nextInt(block.count() + 1 - from);
      EntryBlock slice = block.slice(from, to);
      assertEquals(texts(block.entries().subList(from, to)), texts(slice.entries()));
      assertEquals(texts(slice.entries()), texts(EntryBlock.decode(slice.encode()).entries()));
      BitSet gone = new BitSet();
      List<Entry> left = new ArrayList<>();
      for (int j = 0; j < slice.count(); j++) {
        if (random.nextInt(3) == 0) {
          gone.set(j);
        } else {
          left.add(slice.entry(j));
        }
      }
      assertEquals(texts(left), texts(slice.without(gone).entries()));
    }
  }

  /** Whether its frames have been merged or not, and however they are read. */
  @Test
  void anOpenedLeafShowsTheNewestVersionThatIsVisible() {
    for (int i = 0; i < 1000; i++) {
      TreeMap<VersionedKey, Entry> all = versions(20);
      OpenedLeaf leaf = new OpenedLeaf(1, List.of(block(all)));
      for (int j = random.nextInt(5); j > 0; j--) {
        TreeMap<VersionedKey, Entry> more = versions(random.nextInt(4));
        all.putAll(more);
        leaf = leaf.with(j + 1, block(more));
      }
      for (int j = 0; j < 5; j++) {
        assertShows(all, leaf, key(), random.nextInt(22));
      }
      long timestamp = random.nextInt(22);
      EntryCursor rows = leaf.scan(KeyRange.ALL, timestamp, false);
      while (rows.next()) {
        assertEquals(rows.timestamp(), newest(all, rows.key(), timestamp).timestamp());
      }
      assertShows(all, leaf, key(), timestamp);
    }
  }

  private static Entry newest(TreeMap<VersionedKey, Entry> all, byte[] key, long timestamp) {
    var found = all.ceilingEntry(new VersionedKey(key, timestamp));
    return found != null && Arrays.equals(found.getKey().key(), key) ? found.getValue() : null;
  }

  private static void assertShows(TreeMap<VersionedKey, Entry> all, OpenedLeaf leaf, byte[] key, long timestamp) {
    Entry expected = newest(all, key, timestamp);
    Entry found = leaf.get(key, timestamp);
    if (expected == null) {
      assertNull(found);
    } else {
      assertEquals(text(expected), text(found));
    }
  }
}
