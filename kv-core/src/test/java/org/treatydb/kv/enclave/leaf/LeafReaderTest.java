package org.treatydb.kv.enclave.leaf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.version.Entry;
import org.treatydb.kv.host.memory.MemorySealedStore;

/** Leaves that were read stay readable without the sealed store, also when flushes write to them. */
class LeafReaderTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final int ROWS = 300;

  private final MemorySealedStore sealed = new MemorySealedStore();
  private final FrameSealers sealers = new FrameSealers(new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
  private final LeafReader reader = new LeafReader(STORE, sealers, 64 << 20);
  private final AtomicLong leafIds = new AtomicLong();
  private Directory directory = Directory.EMPTY;
  private int flushes;

  @BeforeEach
  void addBoot() {
    sealers.addBoot(3, new byte[KeySchedule.SALT_BYTES]);
  }

  @AfterEach
  void close() {
    sealed.close();
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  private static byte[] value(int i, long timestamp) {
    byte[] value = new byte[100];
    value[0] = (byte) i;
    value[1] = (byte) timestamp;
    return value;
  }

  /** Writes every {@code step}th row at {@code timestamp}. */
  private void flush(int step, long timestamp) {
    List<Entry> versions = new ArrayList<>();
    for (int i = 0; i < ROWS; i += step) {
      versions.add(new Entry(key(i), timestamp, value(i, timestamp)));
    }
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      long flushId = FrameSealers.flushId(3, flushes++);
      LeafFlush flush = new LeafFlush(
          directory, reader, sealed, leaves, flushId, new Retention(timestamp), flushId, leafIds::incrementAndGet);
      DirectoryEdit edit = flush.run(versions.iterator());
      directory = directory.apply(edit);
    }
  }

  private byte[] read(int i, long timestamp, SealedStore.Snapshot from) {
    return reader.read(directory.leaf(directory.find(key(i))), from).get(key(i), timestamp).value();
  }

  /** Whatever it is asked for, it gives the same bytes back. {@code bytes}: null for none, and then the leaf is missing. */
  private record Always(byte[] bytes) implements SealedStore.Snapshot {

    @Override
    public byte[] get(long leafId) {
      return bytes;
    }

    @Override
    public List<byte[]> get(List<Long> leafIds) {
      return leafIds.stream().map(this::get).toList();
    }

    @Override
    public void close() {}
  }

  private static final SealedStore.Snapshot NOTHING = new Always(null);

  private void readAll(int step, long timestamp, SealedStore.Snapshot from) {
    for (int i = 0; i < ROWS; i += step) {
      assertArrayEquals(value(i, timestamp), read(i, timestamp, from));
    }
  }

  @Test
  void whatAFlushAddsToACachedLeafIsInTheCache() {
    flush(1, 1);
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      readAll(1, 1, leaves);
    }
    for (long timestamp = 2; timestamp < 20; timestamp++) {
      List<LeafEntry> before = directory.leaves();
      flush(50, timestamp);
      readAll(50, timestamp, NOTHING);
      assertArrayEquals(value(1, 1), read(1, timestamp, NOTHING));
      assertNotEquals(before, directory.leaves());
    }
  }

  @Test
  void aLeafThatNobodyReadIsNotInTheCache() {
    flush(1, 1);
    flush(50, 2);
    assertThrows(KvException.IntegrityViolation.class, () -> read(0, 2, NOTHING));
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      readAll(50, 2, leaves);
    }
    readAll(50, 2, NOTHING);
  }

  /** A reader that came before the flush still knows the leaf without the new frame, and may have put it into the cache. */
  @Test
  void anOlderStateInTheCacheIsNotTakenForTheNewerOne() {
    flush(1, 1);
    LeafEntry leaf = directory.leaf(directory.find(key(0)));
    SealedStore.Snapshot earlier;
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      earlier = new Always(leaves.get(leaf.leafId()));
    }
    flush(50, 2);
    assertArrayEquals(value(0, 1), reader.read(leaf, earlier).get(key(0), 1).value());
    assertThrows(KvException.IntegrityViolation.class, () -> read(0, 2, earlier));
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      assertArrayEquals(value(0, 2), read(0, 2, leaves));
    }
    assertEquals(1, reader.read(leaf, NOTHING).get(key(0), 1).timestamp());
  }

  @Test
  void whatIsForgottenIsNotInTheCache() {
    flush(1, 1);
    try (SealedStore.Snapshot leaves = sealed.snapshot()) {
      readAll(1, 1, leaves);
    }
    reader.forget(directory.leaves().stream().map(LeafEntry::leafId).toList());
    assertThrows(KvException.IntegrityViolation.class, () -> read(0, 1, NOTHING));
  }
}
