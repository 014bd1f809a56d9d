package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.MutatedBytes;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;

class LogFormatTest {

  private static final StoreId STORE = new StoreId(filled(16, 1));
  private static final LogHead BEFORE = new LogHead(41, filled(32, 2));
  private static final SegmentHeader HEADER = new SegmentHeader(LogName.WAL, STORE, 7, filled(32, 3), BEFORE);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static BatchCodec codec() {
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(filled(32, 4)), STORE);
    return new BatchCodec(STORE, LogName.WAL, 7, keys.log(LogName.WAL, HEADER.salt()));
  }

  private static BatchCodec.Encoded batch() {
    return codec().encode(BEFORE, 2, new ByteWriter(32).bytes(new byte[] {10, 11}).bytes(new byte[] {12}));
  }

  @Test
  void segmentHeadersAreWrittenAndReadAsEver() {
    SegmentHeader decoded = SegmentHeader.decode(GoldenFile.check("segment-header", HEADER.encode()), LogName.WAL, STORE);
    assertEquals(BEFORE, decoded.before());
    assertEquals(7, decoded.epoch());
    assertArrayEquals(HEADER.salt(), decoded.salt());
  }

  @Test
  void batchesAreWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("log-batch", batch().bytes().array());
    BatchCodec.Header header = BatchCodec.header(golden).orElseThrow();
    List<ByteReader> records = codec().open(BEFORE, header, golden).orElseThrow();
    assertArrayEquals(new byte[] {10, 11}, records.getFirst().raw(2));
    assertArrayEquals(new byte[] {12}, records.getLast().raw(1));
    assertEquals(43, batch().head().counter());
    assertArrayEquals(BatchCodec.digest(BEFORE.digest(), golden), batch().head().digest());
  }

  @Test
  void aBatchOpensOnlyBehindTheOneBefore() {
    byte[] bytes = batch().bytes().array();
    BatchCodec.Header header = BatchCodec.header(bytes).orElseThrow();
    assertTrue(codec().open(new LogHead(40, BEFORE.digest()), header, bytes).isEmpty());
    assertTrue(codec().open(new LogHead(41, filled(32, 9)), header, bytes).isEmpty());
    assertTrue(codec().open(BEFORE, new BatchCodec.Header(header.sealedBytes(), 42, 3), bytes).isEmpty());
  }

  @Test
  void decodersKeepToTheirBounds() {
    MutatedBytes.feed(HEADER.encode(), bytes -> SegmentHeader.decode(bytes, LogName.WAL, STORE));
    byte[] valid = batch().bytes().array();
    MutatedBytes.feed(Arrays.copyOf(valid, BatchCodec.HEADER_BYTES), bytes -> {
      if (bytes.length >= BatchCodec.HEADER_BYTES) {
        BatchCodec.header(bytes).ifPresent(header -> assertTrue(
            header.sealedBytes() >= 16 && header.sealedBytes() <= BatchCodec.SEALED_BYTES_MAX && header.records() > 0));
      }
    });
  }
}
