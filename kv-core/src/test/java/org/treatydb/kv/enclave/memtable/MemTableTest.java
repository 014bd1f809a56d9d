package org.treatydb.kv.enclave.memtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.Defences.Defence;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.Sealer;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.WeakenedKeys;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.VersionedKey;

class MemTableTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final byte[] SALT = new byte[KeySchedule.SALT_BYTES];

  private final WatchedMemory memory = new WatchedMemory();
  private final Random random = new Random(5);

  private static Sealer sealer() {
    return new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE).memory(SALT);
  }

  private static Sealer sealerWithoutTags() {
    return WeakenedKeys.without(Defence.TAG).apply(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE).memory(SALT);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Keys of all lengths that differ early, late, in the sign bit, or only in trailing zeros. */
  private byte[] randomKey() {
    byte[] key = new byte[random.nextInt(4) == 0 ? random.nextInt(3) : 14 + random.nextInt(5)];
    for (int i = 0; i < key.length; i++) {
      key[i] = i == 2 || i > 11 ? (byte) (random.nextInt(5) * 63) : 0;
    }
    return key;
  }

  private byte[] randomValue() {
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> bytes(MemTable.CHUNK_BYTES_TARGET - 1 + random.nextInt(3));
      default -> bytes(1 + random.nextInt(300));
    };
  }

  /** Commits of one to some hundred writes, each key at most once in a commit, beside a model. */
  private NavigableMap<VersionedKey, byte[]> fill(MemTable table, int commits) {
    NavigableMap<VersionedKey, byte[]> model = new TreeMap<>();
    for (int commit = 1; commit <= commits; commit++) {
      int writes = random.nextBoolean() ? 1 : random.nextInt(200);
      for (int i = 0; i < writes; i++) {
        VersionedKey version = new VersionedKey(randomKey(), commit);
        if (!model.containsKey(version)) {
          model.put(version, randomValue());
          table.add(version.key(), commit, model.get(version));
        }
      }
      table.publish(head(commit), commit);
    }
    return model;
  }

  private static LogHead head(long counter) {
    return new LogHead(counter, new byte[LogHead.DIGEST_BYTES]);
  }

  @Test
  void aTableGivesWhatAModelGives() {
    MemTable table = new MemTable(memory, sealer());
    assertTrue(table.isEmpty());
    assertFalse(table.scan(KeyRange.ALL, 9, true).next());
    assertNull(table.get(new byte[1], 9));
    NavigableMap<VersionedKey, byte[]> model = fill(table, 300);
    assertSameVersions(model, table);
    for (int i = 0; i < 400; i++) {
      long snapshot = random.nextInt(302);
      byte[] key = randomKey();
      Map.Entry<VersionedKey, byte[]> expected = model.ceilingEntry(new VersionedKey(key, snapshot));
      Entry found = table.get(key, snapshot);
      if (expected == null || !Arrays.equals(expected.getKey().key(), key)) {
        assertNull(found);
      } else {
        assertEquals(expected.getKey(), new VersionedKey(found.key(), found.timestamp()));
        assertArrayEquals(expected.getValue(), found.value());
      }
    }
    for (int i = 0; i < 40; i++) {
      long snapshot = random.nextInt(302);
      KeyRange range = new KeyRange(randomKey(), i % 4 == 0 ? null : randomKey());
      assertScan(model, table, range, snapshot, i % 2 == 0);
    }
  }

  private static void assertSameVersions(NavigableMap<VersionedKey, byte[]> model, MemTable table) {
    Iterator<Entry> versions = table.versions();
    model.forEach((version, value) -> {
      Entry next = versions.next();
      assertEquals(version, new VersionedKey(next.key(), next.timestamp()));
      assertArrayEquals(value, next.value());
      assertEquals(value == null, next.isTombstone());
    });
    assertFalse(versions.hasNext());
  }

  private static void assertScan(
      NavigableMap<VersionedKey, byte[]> model, MemTable table, KeyRange range, long snapshot, boolean reverse) {
    List<VersionedKey> expected = new ArrayList<>();
    for (VersionedKey version : model.keySet()) {
      boolean sameKey = !expected.isEmpty() && Arrays.equals(expected.getLast().key(), version.key());
      if (range.contains(version.key()) && version.timestamp() <= snapshot && !sameKey) {
        expected.add(version);
      }
    }
    EntryCursor cursor = table.scan(range, snapshot, reverse);
    for (VersionedKey version : reverse ? expected.reversed() : expected) {
      assertTrue(cursor.next());
      assertEquals(version, new VersionedKey(cursor.key(), cursor.timestamp()));
      assertEquals(model.get(version) == null, cursor.isTombstone());
      if (!cursor.isTombstone()) {
        assertArrayEquals(model.get(version), cursor.value());
      }
    }
    assertFalse(cursor.next());
  }

  @Test
  void readersSeeWhatIsPublishedAndScansWhatWasWhenTheyBegan() {
    MemTable table = new MemTable(memory, sealer());
    table.add(new byte[] {1}, 1, new byte[] {11});
    assertNull(table.get(new byte[] {1}, 9));
    table.publish(head(7), 1);
    EntryCursor before = table.scan(KeyRange.ALL, 9, false);
    table.add(new byte[] {2}, 2, new byte[] {22});
    table.add(new byte[] {1}, 2, null);
    table.publish(head(8), 2);
    assertTrue(before.next());
    assertArrayEquals(new byte[] {11}, before.value());
    assertFalse(before.next());
    assertTrue(table.get(new byte[] {1}, 9).isTombstone());
    assertArrayEquals(new byte[] {11}, table.get(new byte[] {1}, 1).value());
    assertEquals(head(8), table.walHead());
    assertEquals(2, table.lastTimestamp());
  }

  @Test
  void theLastUserGivesTheMemoryBack() {
    MemTable table = new MemTable(memory, sealer());
    fill(table, 3);
    table.retain();
    table.release();
    assertFalse(memory.isGivenBack());
    table.release();
    assertTrue(memory.isGivenBack());
  }

  @Test
  void hostMemoryHoldsNoPlaintext() {
    MemTable table = new MemTable(memory, sealer());
    byte[] secret = bytes(16);
    table.add(secret.clone(), 1, secret);
    table.publish(head(1), 1);
    byte[] host = memory.read(0, 1 << 10);
    for (int i = 0; i + 4 <= host.length; i++) {
      for (int j = 0; j + 4 <= secret.length; j++) {
        assertFalse(Arrays.equals(host, i, i + 4, secret, j, j + 4), "four bytes of a value at " + i);
      }
    }
  }

  /** Whether {@code attack} on host memory makes the table give a wrong value for one of its keys. */
  private boolean goesUnnoticed(Sealer sealer, Attack attack) {
    WatchedMemory attacked = new WatchedMemory();
    MemTable table = new MemTable(attacked, sealer);
    byte[][] values = new byte[8][];
    int valueBytes = MemTable.CHUNK_BYTES_TARGET / 4;
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes(valueBytes);
      table.add(new byte[] {(byte) i}, 1, values[i]);
    }
    table.publish(head(1), 1);
    attack.on(attacked, MemTable.CHUNK_BYTES_TARGET + Sealer.TAG_BYTES);
    boolean wrong = false;
    boolean noticed = false;
    for (int i = 0; i < values.length; i++) {
      try {
        wrong |= !Arrays.equals(values[i], table.get(new byte[] {(byte) i}, 1).value());
      } catch (KvException.IntegrityViolation e) {
        noticed = true;
      }
    }
    assertTrue(wrong || noticed, "the attack does no harm: it shows nothing");
    assertFalse(wrong && noticed);
    return wrong;
  }

  private interface Attack {
    /** The table's chunks lie one behind the other, {@code chunkBytes} each. */
    void on(WatchedMemory memory, int chunkBytes);
  }

  @Test
  void aFlippedBitInHostMemoryIsNoticed() {
    for (int i = 0; i < 500; i++) {
      int place = random.nextInt(2 * (MemTable.CHUNK_BYTES_TARGET + Sealer.TAG_BYTES));
      int bit = random.nextInt(8);
      assertFalse(goesUnnoticed(sealer(), (host, chunkBytes) -> host.flip(place, bit)));
    }
    assertTrue(goesUnnoticed(sealerWithoutTags(), (host, chunkBytes) -> host.flip(chunkBytes / 2, 1)));
  }

  @Test
  void chunksThatChangedPlacesInHostMemoryAreNoticed() {
    Attack swap = (host, chunkBytes) -> {
      byte[] first = host.read(0, chunkBytes);
      host.write(0, host.read(chunkBytes, chunkBytes));
      host.write(chunkBytes, first);
    };
    assertFalse(goesUnnoticed(sealer(), swap));
    assertTrue(goesUnnoticed(sealerWithoutTags(), swap));
  }

  @Test
  void aScanNoticesChangedHostMemory() {
    MemTable table = new MemTable(memory, sealer());
    table.add(new byte[] {1}, 1, bytes(100));
    table.add(new byte[] {2}, 1, bytes(100));
    table.publish(head(1), 1);
    memory.flip(150, 3);
    EntryCursor cursor = table.scan(KeyRange.ALL, 1, false);
    assertTrue(cursor.next());
    assertThrows(KvException.IntegrityViolation.class, cursor::value);
    assertThrows(KvException.IntegrityViolation.class, table.versions()::next);
  }

  /** Backpressure goes by this estimate. */
  @Test
  void theEstimateOfMemoryIsNearWhatIsUsed() {
    assertEstimate(100_000, 16, 100, 1000);
    assertEstimate(60_000, 40, 20, 1);
    assertEstimate(300, 20, 400_000, 3);
  }

  /** What else goes on in this process changes the heap, too: the estimate must be near in one of several measurements. */
  private void assertEstimate(int versions, int keyBytes, int valueBytes, int versionsPerCommit) {
    List<Double> estimatedPerUsed = new ArrayList<>();
    do {
      assertTrue(estimatedPerUsed.size() < 8, "estimated / used: " + estimatedPerUsed);
      estimatedPerUsed.add(estimatedPerUsed(versions, keyBytes, valueBytes, versionsPerCommit));
    } while (estimatedPerUsed.getLast() < 0.8 || estimatedPerUsed.getLast() > 1.25);
  }

  private double estimatedPerUsed(int versions, int keyBytes, int valueBytes, int versionsPerCommit) {
    WatchedMemory host = new WatchedMemory();
    Sealer sealer = sealer();
    long before = liveHeapBytes();
    MemTable table = new MemTable(host, sealer);
    for (int i = 1; i <= versions; i++) {
      table.add(bytes(keyBytes), i, bytes(valueBytes));
      if (i % versionsPerCommit == 0) {
        table.publish(head(i), i);
      }
    }
    long used = liveHeapBytes() - before + host.bytes();
    double estimatedPerUsed = (double) table.bytes() / used;
    table.release();
    return estimatedPerUsed;
  }

  private static long liveHeapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }
}
