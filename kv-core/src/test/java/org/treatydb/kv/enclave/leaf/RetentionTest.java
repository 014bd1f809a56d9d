package org.treatydb.kv.enclave.leaf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.enclave.version.Entry;

/** What is kept is what every reader needs, and hardly more. */
class RetentionTest {

  private final Random random = new Random(Long.getLong("seed", 4));

  private static Entry newest(List<Entry> sorted, byte[] key, long timestamp) {
    return sorted.stream()
        .filter(each -> Arrays.equals(each.key(), key) && each.timestamp() <= timestamp)
        .findFirst().filter(each -> !each.isTombstone()).orElse(null);
  }

  private static String text(Entry entry) {
    return entry == null
        ? "none" : Arrays.toString(entry.key()) + "@" + entry.timestamp() + "=" + Arrays.toString(entry.value());
  }

  private static List<String> texts(List<Entry> entries) {
    return entries.stream().map(RetentionTest::text).toList();
  }

  private List<Entry> versions(int key, int timestampMax) {
    List<Entry> versions = new ArrayList<>();
    for (long timestamp = timestampMax; timestamp > 0; timestamp--) {
      if (random.nextInt(3) == 0) {
        versions.add(new Entry(new byte[] {(byte) key}, timestamp, random.nextInt(3) == 0 ? null : new byte[] {(byte) timestamp}));
      }
    }
    return versions;
  }

  @Test
  void everyReaderSeesWhatItWouldSeeIfNothingWereDropped() {
    for (int i = 0; i < 2000; i++) {
      List<Entry> all = new ArrayList<>(versions(1, 30));
      all.addAll(versions(2, 30));
      long[] readPoints = LongStream.generate(() -> random.nextInt(33)).limit(1 + random.nextInt(4)).sorted().distinct().toArray();
      Retention retention = new Retention(readPoints);
      EntryBlock block = EntryBlock.of(all);
      for (List<Entry> kept : List.of(retention.visible(block).entries(), retention.needed(block).entries())) {
        for (byte[] key : new byte[][] {{1}, {2}}) {
          for (long point = 0; point < 33; point++) {
            if (point >= readPoints[readPoints.length - 1] || Arrays.binarySearch(readPoints, point) >= 0
                || point < readPoints[0] && point >= retention.droppedUpTo()) {
              assertEquals(text(newest(all, key, point)), text(newest(kept, key, point)));
            }
          }
        }
      }
      long newer = all.stream().filter(each -> each.timestamp() > readPoints[readPoints.length - 1]).count();
      assertTrue(retention.needed(block).count() <= newer + 2L * readPoints.length, "more than one version for each reader and key");
    }
  }

  @Test
  void aTombstoneIsKeptAsLongAsItMayHideSomething() {
    byte[] key = {1};
    List<Entry> deleted = List.of(new Entry(key, 8, null), new Entry(key, 3, key));
    EntryBlock block = EntryBlock.of(deleted);
    assertEquals(texts(deleted), texts(new Retention(5, 9).needed(block).entries()));
    assertEquals(0, new Retention(9).needed(block).count());
    List<String> tombstone = texts(deleted.subList(0, 1));
    assertEquals(tombstone, texts(new Retention(9).visible(block).entries()), "an older frame may hold a version");
    assertEquals(8, droppedUpTo(deleted, 9), "who asks what has changed since 7 is not told of the deletion");
    assertEquals(0, droppedUpTo(deleted, 2, 9));
    assertEquals(tombstone, texts(new Retention(2, 9).needed(block).entries()), "a reader may ask what has changed since 2");
  }

  private static long droppedUpTo(List<Entry> versions, long... readPoints) {
    Retention retention = new Retention(readPoints);
    retention.needed(EntryBlock.of(versions));
    return retention.droppedUpTo();
  }
}
