package org.treatydb.kv.enclave.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.leaf.LeafEntry;

/** Old segments are dropped one by one, so a crash can leave the MANIFEST to begin anywhere before its newest checkpoint. */
class ManifestReplayTest {

  private static final List<ManifestRecord> OLD_CHECKPOINT = checkpoint(10);
  private static final ManifestRecord OLD_FLUSH = flush(20);
  private static final List<ManifestRecord> NEW_CHECKPOINT = checkpoint(30);
  private static final ManifestRecord NEW_FLUSH = flush(40);

  private final ManifestReplay replay = new ManifestReplay(wal(0));
  private long counter;

  private static LogHead wal(long counter) {
    byte[] digest = new byte[LogHead.DIGEST_BYTES];
    Arrays.fill(digest, (byte) counter);
    return new LogHead(counter, digest);
  }

  private static List<ManifestRecord> checkpoint(long walCounter) {
    return ManifestRecord.checkpoint(new ManifestState(Directory.EMPTY, Map.of(3L, new byte[32]), wal(walCounter), 1, 1));
  }

  private static ManifestRecord flush(long walCounter) {
    return new ManifestRecord.Flush(new DirectoryEdit(List.of(), List.of()), wal(walCounter), walCounter + 1, 1, 1);
  }

  private void replay(ManifestRecord record) {
    ByteWriter out = new ByteWriter(64);
    new ManifestCodec().encode(record, out);
    replay.record(++counter, new ByteReader(out.toByteArray()));
  }

  @Test
  void theRestOfWhatANewCheckpointReplacesHasNoEffect() {
    OLD_CHECKPOINT.subList(1, OLD_CHECKPOINT.size()).forEach(this::replay);
    replay(OLD_FLUSH);
    NEW_CHECKPOINT.forEach(this::replay);
    assertEquals(wal(30), replay.result(counter).walHead());
    replay(NEW_FLUSH);
    assertEquals(wal(40), replay.result(counter).walHead());
  }

  @Test
  void aNewStoresManifestGoesWithTheBeginningOfTheWal() {
    assertEquals(wal(0), replay.result(0).walHead());
  }

  @Test
  void withoutACompleteCheckpointTheRestIsARollback() {
    OLD_CHECKPOINT.subList(1, OLD_CHECKPOINT.size()).forEach(this::replay);
    replay(OLD_FLUSH);
    replay(NEW_CHECKPOINT.getFirst());
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> replay.result(counter));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  /** An edit of leaves with long keys, several MANIFEST records long. */
  private static ManifestRecord.Flush longFlush() {
    List<LeafEntry> put = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      put.add(new LeafEntry(longKey(i), i + 1, new long[] {7}, 5, 0, 1, 0));
    }
    return new ManifestRecord.Flush(new DirectoryEdit(List.of(), put), wal(50), 51, 1, 2000);
  }

  private static byte[] longKey(int i) {
    byte[] key = new byte[KvStore.KEY_BYTES_MAX];
    key[0] = (byte) (i >> 8);
    key[1] = (byte) i;
    key[2] = 1;
    return key;
  }

  @Test
  void aLongFlushIsCutIntoRecordsAndCountsAsAWhole() {
    ManifestRecord.Flush flush = longFlush();
    List<ManifestRecord> parts = flush.inParts();
    assertTrue(parts.size() > 4, parts.size() + " parts");
    OLD_CHECKPOINT.forEach(this::replay);
    parts.forEach(this::replay);
    assertEquals(Directory.EMPTY.apply(flush.edit()).leaves(), replay.result(counter).directory().leaves());
    assertEquals(wal(50), replay.result(counter).walHead());
    List<byte[]> removed = flush.edit().put().stream().map(LeafEntry::firstKey).toList();
    List<ManifestRecord> removal = new ManifestRecord.Flush(new DirectoryEdit(removed, List.of()), wal(60), 61, 1, 2000).inParts();
    assertTrue(removal.size() > 4, removal.size() + " parts");
    removal.forEach(this::replay);
    assertEquals(1, replay.result(counter).directory().size());
    assertEquals(1500, replay.leavesGone().size());
  }

  /** A crash came before the last part: the boot after it begins with a checkpoint. */
  @Test
  void aFlushWithoutItsLastPartHasNoEffect() {
    OLD_CHECKPOINT.forEach(this::replay);
    List<ManifestRecord> parts = longFlush().inParts();
    parts.subList(0, parts.size() - 1).forEach(this::replay);
    NEW_CHECKPOINT.forEach(this::replay);
    replay(NEW_FLUSH);
    assertEquals(1, replay.result(counter).directory().size());
    assertEquals(wal(40), replay.result(counter).walHead());
    assertEquals(List.of(), replay.leavesGone());
  }

  @Test
  void aCheckpointOfManyRecordsCountsAsAWhole() {
    OLD_CHECKPOINT.forEach(this::replay);
    longFlush().inParts().forEach(this::replay);
    List<LeafEntry> leaves = replay.result(counter).directory().leaves();
    List<ManifestRecord> checkpoint = ManifestRecord.checkpoint(replay.result(counter));
    assertTrue(checkpoint.size() > 3, checkpoint.size() + " records");
    replay(flush(60));
    checkpoint.subList(0, checkpoint.size() - 1).forEach(this::replay);
    assertEquals(wal(60), replay.result(counter).walHead());
    replay(checkpoint.getLast());
    assertEquals(wal(50), replay.result(counter).walHead());
    assertEquals(leaves, replay.result(counter).directory().leaves());
  }

  @Test
  void aCheckpointWithoutItsBeginningBehindAWholeOneIsMalformed() {
    OLD_CHECKPOINT.forEach(this::replay);
    assertThrows(MalformedBytesException.class, () -> replay(NEW_CHECKPOINT.getLast()));
  }
}
