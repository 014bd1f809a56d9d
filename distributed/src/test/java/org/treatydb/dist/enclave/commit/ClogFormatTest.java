package org.treatydb.dist.enclave.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** The records of the coordinator's log. */
class ClogFormatTest {

  private static final TransactionId TRANSACTION = new TransactionId(1, 2, 3);

  private static final KeyRange RANGE = new KeyRange(new byte[] {1}, new byte[] {2, 3});
  private static final KeyRange REST = new KeyRange(new byte[] {4}, null);

  private static final List<ClogRecord> RECORDS = List.of(
      new ClogRecord.Committed(TRANSACTION, 44, List.of(1, 2, 5)), new ClogRecord.Finished(TRANSACTION), new ClogRecord.Checkpoint(6),
      new ClogRecord.Moving(new Holding.Giving(RANGE, 3, 76, 77)), new ClogRecord.Moving(new Holding.Taken(REST, 78)),
      new ClogRecord.Settled(RANGE, 9));

  private final ClogCodec codec = new ClogCodec();

  @Test
  void recordsAreWrittenAndReadAsEver() {
    ByteWriter all = new ByteWriter(128);
    for (ClogRecord record : RECORDS) {
      byte[] bytes = encoded(record);
      all.bytes(bytes);
      assertEquals(record, codec.decode(new ByteReader(bytes)));
    }
    GoldenFile.check("clog-records", all.toByteArray());
  }

  private static Stream<byte[]> records() {
    return RECORDS.stream().map(new ClogFormatTest()::encoded);
  }

  @MethodSource("records")
  @FuzzTest
  void records(byte[] bytes) {
    DecoderContract.of(each -> codec.decode(new ByteReader(each))).writtenBy(this::encoded).check(bytes);
  }

  private byte[] encoded(ClogRecord record) {
    ByteWriter out = new ByteWriter(64);
    codec.encode(record, out);
    return out.toByteArray();
  }
}
