package org.treatydb.kv.enclave.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;

/** Old segments are dropped one by one, so a crash can leave the MANIFEST to begin anywhere before its newest checkpoint. */
class ManifestReplayTest {

  private static final List<ManifestRecord> OLD_CHECKPOINT = checkpoint(10);
  private static final ManifestRecord OLD_FLUSH = flush(20);
  private static final List<ManifestRecord> NEW_CHECKPOINT = checkpoint(30);
  private static final ManifestRecord NEW_FLUSH = flush(40);

  private final ManifestReplay replay = new ManifestReplay();
  private long counter;

  private static List<ManifestRecord> checkpoint(long walCounter) {
    return ManifestRecord.checkpoint(new ManifestState(Directory.EMPTY, Map.of(3L, new byte[32]), walCounter, 1, 1));
  }

  private static ManifestRecord flush(long walCounter) {
    return new ManifestRecord.Flush(new DirectoryEdit(List.of(), List.of()), walCounter, 1, 1);
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
    assertEquals(30, replay.result(counter).walCounter());
    replay(NEW_FLUSH);
    assertEquals(40, replay.result(counter).walCounter());
  }

  @Test
  void withoutACompleteCheckpointTheRestIsARollback() {
    OLD_CHECKPOINT.subList(1, OLD_CHECKPOINT.size()).forEach(this::replay);
    replay(OLD_FLUSH);
    replay(NEW_CHECKPOINT.getFirst());
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> replay.result(counter));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }
}
