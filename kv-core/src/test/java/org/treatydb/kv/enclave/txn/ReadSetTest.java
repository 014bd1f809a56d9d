package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;

class ReadSetTest {

  private static byte[] key(int... bytes) {
    byte[] key = new byte[bytes.length];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) bytes[i];
    }
    return key;
  }

  private static void checkOrder(List<KeyRange> ranges) {
    for (int i = 0; i + 1 < ranges.size(); i++) {
      KeyRange low = ranges.get(i);
      assertTrue(!low.isEmpty() && low.end() != null, () -> low + " is not the last");
      assertTrue(new KeyRange(low.end(), ranges.get(i + 1).start()).end().length > 0 && !low.overlaps(ranges.get(i + 1)));
    }
  }

  /** One byte is a key; the model says of each whether it was read. */
  @Test
  void holdsWhatWasAddedAndNothingElse() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      ReadSet reads = new ReadSet();
      boolean[] model = new boolean[256];
      for (int i = random.nextInt(20); i >= 0; i--) {
        int from = random.nextInt(256);
        int to = switch (random.nextInt(3)) {
          case 0 -> from;
          case 1 -> random.nextInt(256);
          default -> Math.min(255, from + random.nextInt(8));
        };
        boolean endless = random.nextInt(30) == 0;
        reads.add(from == to && !endless
            ? KeyRange.point(key(from)) : new KeyRange(key(from), endless ? null : key(to)));
        for (int k = from; k < (from == to ? to + 1 : endless ? 256 : to); k++) {
          model[k] = true;
        }
        for (int k = from; endless && k < 256; k++) {
          model[k] = true;
        }
      }
      List<KeyRange> ranges = reads.ranges();
      checkOrder(ranges);
      for (int k = 0; k < 256; k++) {
        byte[] key = key(k);
        assertEquals(model[k], ranges.stream().anyMatch(range -> range.contains(key)), "key " + k + " in " + ranges);
      }
    }
  }

  @Test
  void keysBecomeRangesWhenTheyAreTooMany() {
    ReadSet reads = new ReadSet();
    int keys = 3 * ReadSet.BYTES_MAX / 128;
    for (int i = 0; i < keys; i++) {
      reads.add(KeyRange.point(scattered(i)));
    }
    List<KeyRange> ranges = reads.ranges();
    checkOrder(ranges);
    assertTrue(ranges.size() > 100 && ranges.size() <= ReadSet.BYTES_MAX / 128, () -> ranges.size() + " ranges");
    for (int i = 0; i < keys; i += 101) {
      byte[] key = scattered(i);
      assertTrue(ranges.stream().anyMatch(range -> range.contains(key)));
    }
  }

  /** Joined two by two, an odd number leaves one over: the last. */
  @Test
  void noneIsLostWhenAnOddNumberIsJoined() {
    for (int keys = 5; keys <= 6; keys++) {
      ReadSet reads = new ReadSet();
      int keyBytes = ReadSet.BYTES_MAX / (2 * keys) + 1;
      for (int i = 0; i < keys; i++) {
        byte[] key = new byte[keyBytes];
        key[0] = (byte) (2 * i);
        reads.add(KeyRange.point(key));
      }
      List<KeyRange> ranges = reads.ranges();
      checkOrder(ranges);
      assertTrue(ranges.size() < keys, () -> "nothing was joined: " + ranges.size());
      for (int i = 0; i < keys; i++) {
        byte[] key = new byte[keyBytes];
        key[0] = (byte) (2 * i);
        assertTrue(ranges.stream().anyMatch(range -> range.contains(key)), "key " + i);
      }
    }
  }

  private static byte[] scattered(int i) {
    int number = Integer.reverse(i);
    return key(number >>> 24, number >>> 16, number >>> 8, number);
  }
}
