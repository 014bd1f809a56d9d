package org.treatydb.dist.enclave.move;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** What nodes say to each other about ranges that move. */
class MoveFormatTest {

  private static final KeyRange RANGE = new KeyRange(new byte[] {1, 2}, new byte[] {3});
  private static final ShardMap MAP = new ShardMap(5, List.of(new Shard(new byte[0], 1), new Shard(new byte[] {1}, 2)));

  private static final List<MoveRequest> REQUESTS = List.of(
      new MoveRequest.Give(RANGE, 3, 1 << 20), new MoveRequest.Give(KeyRange.ALL, 3, 1),
      new MoveRequest.Take(6, 7, 8, MAP, RANGE, List.of(new KeyValue(new byte[] {2}, new byte[] {9}))), new MoveRequest.Learn(MAP));

  private static final List<MoveReply> REPLIES = List.of(
      new MoveReply.Gave(RANGE, 10), new MoveReply.Done(11),
      new MoveReply.Failed(new KvException.Retryable(ErrorCode.STALE_SHARD_MAP, "not any more")));

  @Test
  void requestsAndRepliesAreWrittenAndReadAsEver() {
    GoldenFile.check("move-requests", joined(REQUESTS.stream().map(MoveCodec::encode).toList()));
    GoldenFile.check("move-replies", joined(REPLIES.stream().map(MoveCodec::encode).toList()));
    for (MoveRequest request : REQUESTS) {
      byte[] bytes = MoveCodec.encode(request);
      assertArrayEquals(bytes, MoveCodec.encode(MoveCodec.decodeRequest(bytes)));
    }
    for (MoveReply reply : REPLIES) {
      byte[] bytes = MoveCodec.encode(reply);
      assertArrayEquals(bytes, MoveCodec.encode(MoveCodec.decodeReply(bytes)));
    }
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteWriter out = new ByteWriter(256);
    parts.forEach(out::bytes);
    return out.toByteArray();
  }

  private static Stream<byte[]> requests() {
    return REQUESTS.stream().map(MoveCodec::encode);
  }

  @MethodSource("requests")
  @FuzzTest
  void requests(byte[] bytes) {
    DecoderContract.of(MoveCodec::decodeRequest).writtenBy(MoveCodec::encode).check(bytes);
  }

  private static Stream<byte[]> replies() {
    return REPLIES.stream().map(MoveCodec::encode);
  }

  @MethodSource("replies")
  @FuzzTest
  void replies(byte[] bytes) {
    DecoderContract.of(MoveCodec::decodeReply).writtenBy(MoveCodec::encode).check(bytes);
  }
}
