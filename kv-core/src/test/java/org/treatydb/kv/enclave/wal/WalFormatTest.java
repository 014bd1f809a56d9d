package org.treatydb.kv.enclave.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

class WalFormatTest {

  private static byte[] commit() {
    WalRecord.Commit commit = new WalRecord.Commit(new TransactionId(1, 2, 3), 4, List.of(
        new WalRecord.Write(new byte[] {5}, new byte[] {6, 7}),
        new WalRecord.Write(new byte[] {8}, new byte[0]),
        new WalRecord.Write(new byte[] {9, 9}, null)));
    return encoded(commit);
  }

  @Test
  void commitsAreWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("wal-commit", commit());
    switch (new WalCodec().decode(new ByteReader(golden))) {
      case WalRecord.Commit decoded -> {
        assertEquals(new TransactionId(1, 2, 3), decoded.transaction());
        assertEquals(4, decoded.timestamp());
        assertArrayEquals(new byte[] {6, 7}, decoded.writes().getFirst().value());
        assertEquals(0, decoded.writes().get(1).value().length);
        assertNull(decoded.writes().getLast().value());
      }
      case WalRecord other -> fail("not " + other);
    }
  }

  private static byte[] loaded() {
    byte[] digest = new byte[LogHead.DIGEST_BYTES];
    Arrays.fill(digest, (byte) 7);
    return encoded(new WalRecord.Loaded(new LogHead(9, digest)));
  }

  @Test
  void loadsAreWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("wal-loaded", loaded());
    WalRecord.Loaded decoded = assertInstanceOf(WalRecord.Loaded.class, new WalCodec().decode(new ByteReader(golden)));
    assertEquals(9, decoded.manifestHead().counter());
    assertEquals(7, decoded.manifestHead().digest()[31]);
  }

  private static byte[] encoded(WalRecord record) {
    ByteWriter out = new ByteWriter(64);
    new WalCodec().encode(record, out);
    return out.toByteArray();
  }

  private static byte[] prepared() {
    return encoded(new WalRecord.Prepared(new TransactionId(1, 2, 3), 4, List.of(
        new WalRecord.Write(new byte[] {5}, new byte[] {6, 7}), new WalRecord.Write(new byte[] {9, 9}, null))));
  }

  @Test
  void preparedTransactionsAreWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("wal-prepared", prepared());
    WalRecord.Prepared decoded = assertInstanceOf(WalRecord.Prepared.class, new WalCodec().decode(new ByteReader(golden)));
    assertEquals(new TransactionId(1, 2, 3), decoded.transaction());
    assertEquals(4, decoded.timestamp());
    assertArrayEquals(new byte[] {6, 7}, decoded.writes().getFirst().value());
    assertNull(decoded.writes().getLast().value());
  }

  @Test
  void decisionsAreWrittenAndReadAsEver() {
    WalRecord.Decided commit = new WalRecord.Decided(new TransactionId(1, 2, 3), 4);
    WalRecord.Decided abort = new WalRecord.Decided(new TransactionId(5, 6, 7), WalRecord.Decided.ABORTED);
    assertEquals(commit, new WalCodec().decode(new ByteReader(GoldenFile.check("wal-committed", encoded(commit)))));
    assertEquals(abort, new WalCodec().decode(new ByteReader(GoldenFile.check("wal-aborted", encoded(abort)))));
    assertTrue(commit.isCommit());
    assertFalse(abort.isCommit());
  }

  @Test
  void limitsOfTheClockAreWrittenAndReadAsEver() {
    WalRecord.ClockLimit limit = new WalRecord.ClockLimit(1L << 40);
    assertEquals(limit, new WalCodec().decode(new ByteReader(GoldenFile.check("wal-clock-limit", encoded(limit)))));
  }

  private static Stream<byte[]> records() {
    return Stream.of(
        prepared(), commit(), loaded(), encoded(new WalRecord.Decided(new TransactionId(1, 2, 3), 4)),
        encoded(new WalRecord.ClockLimit(5)));
  }

  @MethodSource("records")
  @FuzzTest
  void records(byte[] bytes) {
    DecoderContract.of(each -> new WalCodec().decode(new ByteReader(each))).writtenBy(WalFormatTest::encoded).check(bytes);
  }
}
