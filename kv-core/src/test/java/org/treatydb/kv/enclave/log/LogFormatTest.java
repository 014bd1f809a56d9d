package org.treatydb.kv.enclave.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.memory.MemoryLogStorage;

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
    byte[] golden = GoldenFile.check("log-batch", batch().bytes());
    BatchCodec.Header header = BatchCodec.header(golden).orElseThrow();
    List<ByteReader> records = codec().open(BEFORE, header, golden).orElseThrow();
    assertArrayEquals(new byte[] {10, 11}, records.getFirst().raw(2));
    assertArrayEquals(new byte[] {12}, records.getLast().raw(1));
    assertEquals(43, batch().head().counter());
    assertArrayEquals(BatchCodec.digest(BEFORE.digest(), golden), batch().head().digest());
  }

  @Test
  void aBatchOpensOnlyBehindTheOneBefore() {
    byte[] bytes = batch().bytes();
    BatchCodec.Header header = BatchCodec.header(bytes).orElseThrow();
    assertTrue(codec().open(new LogHead(40, BEFORE.digest()), header, bytes).isEmpty());
    assertTrue(codec().open(new LogHead(41, filled(32, 9)), header, bytes).isEmpty());
    assertTrue(codec().open(BEFORE, new BatchCodec.Header(header.sealedBytes(), 42, 3), bytes).isEmpty());
  }

  private static Stream<byte[]> segmentHeaders() {
    return Stream.of(HEADER.encode());
  }

  @MethodSource("segmentHeaders")
  @FuzzTest
  void segmentHeaders(byte[] bytes) {
    DecoderContract.of(each -> SegmentHeader.decode(each, LogName.WAL, STORE)).writtenOnlyBy(SegmentHeader::encode).check(bytes);
  }

  private static Stream<byte[]> batches() {
    return Stream.of(batch().bytes());
  }

  @MethodSource("batches")
  @FuzzTest
  void batches(byte[] bytes) {
    DecoderContract.of(LogFormatTest::opened).check(bytes);
  }

  private static List<ByteReader> opened(byte[] bytes) {
    if (bytes.length < BatchCodec.HEADER_BYTES) {
      return List.of();
    }
    return BatchCodec.header(bytes)
        .filter(header -> bytes.length - BatchCodec.HEADER_BYTES >= header.sealedBytes())
        .flatMap(header -> codec().open(BEFORE, header, bytes)).orElse(List.of());
  }

  /** Whatever lies in a file of a log is its newest records, or found out. */
  private static Stream<byte[]> segments() {
    return Stream.of(new ByteWriter(256).raw(HEADER.encode()).raw(batch().bytes()).toByteArray());
  }

  @MethodSource("segments")
  @FuzzTest
  void segments(byte[] bytes) {
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(filled(32, 4)), STORE);
    DecoderContract.of(each -> recovered(keys, each)).refusingWith(KvException.IntegrityViolation.class).check(bytes);
  }

  private static Integer recovered(KeySchedule keys, byte[] segment) {
    MemoryLogStorage storage = new MemoryLogStorage();
    try (SealedLogFile file = storage.create(1)) {
      file.append(ByteBuffer.wrap(segment));
      file.sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Long> records = new ArrayList<>();
    new LogRecovery(new LogIdentity(STORE, LogName.WAL, keys), storage, batch().head())
        .readToNewest((counter, _) -> records.add(counter));
    assertEquals(List.of(42L, 43L), records);
    return records.size();
  }
}
