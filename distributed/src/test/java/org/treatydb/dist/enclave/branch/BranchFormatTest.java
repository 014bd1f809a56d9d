package org.treatydb.dist.enclave.branch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.wal.WalRecord;

/** What coordinators and participants say to each other. */
class BranchFormatTest {

  private static final byte[] KEY = {1, 2};
  private static final byte[] VALUE = {3};

  private static final List<WalRecord.Write> WRITES =
      List.of(new WalRecord.Write(KEY, VALUE), new WalRecord.Write(new byte[0], null), new WalRecord.Write(VALUE, new byte[0]));

  private static final List<BranchRequest> REQUESTS = List.of(
      new BranchRequest.Get(KEY, false), new BranchRequest.Get(KEY, true), new BranchRequest.MultiGet(List.of(KEY, VALUE)),
      new BranchRequest.Scan(7, new KeyRange(KEY, null), false, true), new BranchRequest.Scan(8, new KeyRange(KEY, VALUE), true, false),
      new BranchRequest.Next(7), new BranchRequest.CloseCursor(7), new BranchRequest.Prepare(WRITES, 9),
      new BranchRequest.CommitAlone(WRITES, 9, 99), new BranchRequest.TakeClock(), new BranchRequest.Commit(10), new BranchRequest.Abort());

  private static final List<BranchReply> REPLIES = List.of(
      new BranchReply.Values(Arrays.asList(VALUE, null, new byte[0])), new BranchReply.Page(List.of(new KeyValue(KEY, VALUE)), false),
      new BranchReply.Page(List.of(), true), new BranchReply.Voted(11, 12), new BranchReply.Committed(13), new BranchReply.Done(),
      new BranchReply.Failed(new KvException.Retryable(ErrorCode.DEADLOCK, "run it again")),
      new BranchReply.Failed(new KvException.IntegrityViolation(ErrorCode.FENCED, "another boot", null)));

  private static final List<Outcome> OUTCOMES = List.of(new Outcome.Undecided(), new Outcome.Committed(15), new Outcome.Aborted());

  private static BranchCall call(BranchRequest request) {
    return new BranchCall(new TransactionId(3, 4, 5), 6, true, 2, 77, BranchCall.Mode.OPTIMISTIC, 76, 1_000, request);
  }

  private static byte[] encoded(BranchCall call) {
    ByteWriter out = new ByteWriter(64);
    BranchCodec.encode(call, out);
    return out.toByteArray();
  }

  private static byte[] encoded(BranchAnswer answer) {
    ByteWriter out = new ByteWriter(64);
    BranchCodec.encode(answer, out);
    return out.toByteArray();
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteWriter out = new ByteWriter(256);
    parts.forEach(out::bytes);
    return out.toByteArray();
  }

  @Test
  void callsAndAnswersAreWrittenAndReadAsEver() {
    GoldenFile.check("branch-calls", joined(REQUESTS.stream().map(request -> encoded(call(request))).toList()));
    GoldenFile.check("branch-answers", joined(REPLIES.stream().map(reply -> encoded(new BranchAnswer(14, reply))).toList()));
    for (BranchRequest request : REQUESTS) {
      byte[] bytes = encoded(call(request));
      assertArrayEquals(bytes, encoded(BranchCodec.decodeCall(new ByteReader(bytes))));
    }
    for (BranchReply reply : REPLIES) {
      byte[] bytes = encoded(new BranchAnswer(14, reply));
      assertArrayEquals(bytes, encoded(BranchCodec.decodeAnswer(new ByteReader(bytes))));
    }
  }

  @Test
  void outcomesAreWrittenAndReadAsEver() {
    GoldenFile.check("branch-outcomes", joined(OUTCOMES.stream().map(OutcomeCodec::encode).toList()));
    OUTCOMES.forEach(outcome -> assertEquals(outcome, OutcomeCodec.decode(OutcomeCodec.encode(outcome))));
  }

  private static Stream<byte[]> calls() {
    return REQUESTS.stream().map(request -> encoded(call(request)));
  }

  @MethodSource("calls")
  @FuzzTest
  void calls(byte[] bytes) {
    DecoderContract.of(each -> BranchCodec.decodeCall(new ByteReader(each))).writtenBy(BranchFormatTest::encoded).check(bytes);
  }

  private static Stream<byte[]> answers() {
    return REPLIES.stream().map(reply -> encoded(new BranchAnswer(14, reply)));
  }

  @MethodSource("answers")
  @FuzzTest
  void answers(byte[] bytes) {
    DecoderContract.of(each -> BranchCodec.decodeAnswer(new ByteReader(each))).writtenBy(BranchFormatTest::encoded).check(bytes);
  }

  private static Stream<byte[]> transactions() {
    return Stream.of(encoded(new TransactionId(3, 17, 4)), encoded(new TransactionId(-1, 1, 1L << 40)));
  }

  /** Whoever is in doubt asks with no more than that. */
  @MethodSource("transactions")
  @FuzzTest
  void transactions(byte[] bytes) {
    DecoderContract.of(BranchFormatTest::transaction).writtenBy(BranchFormatTest::encoded).check(bytes);
  }

  private static byte[] encoded(TransactionId transaction) {
    ByteWriter out = new ByteWriter(32);
    BranchCodec.encode(transaction, out);
    return out.toByteArray();
  }

  private static TransactionId transaction(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    TransactionId transaction = BranchCodec.transaction(in);
    in.expectEnd();
    return transaction;
  }

  private static Stream<byte[]> outcomes() {
    return OUTCOMES.stream().map(OutcomeCodec::encode);
  }

  @MethodSource("outcomes")
  @FuzzTest
  void outcomes(byte[] bytes) {
    DecoderContract.of(OutcomeCodec::decode).writtenBy(OutcomeCodec::encode).check(bytes);
  }
}
