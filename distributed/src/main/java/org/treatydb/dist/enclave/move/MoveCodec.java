package org.treatydb.dist.enclave.move;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.dist.enclave.rpc.FailureCodec;
import org.treatydb.dist.enclave.rpc.KeyRangeCodec;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMapCodec;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * What is said about moves on the wire, format 1: format, kind, fields in their order. Timestamps, epochs and step numbers take 8 bytes, a
 * node and a number of bytes 4, a number of rows is a varint; keys and values have their lengths before them.
 */
final class MoveCodec {

  private static final int FORMAT = 1;
  private static final int GIVE = 1;
  private static final int TAKE = 2;
  private static final int LEARN = 3;
  private static final int GAVE = 1;
  private static final int DONE = 2;
  private static final int FAILED = 3;

  private MoveCodec() {}

  static byte[] encode(MoveRequest request) {
    ByteWriter out = new ByteWriter(256).u8(FORMAT);
    switch (request) {
      case MoveRequest.Give give -> {
        KeyRangeCodec.encode(give.range(), out.u8(GIVE));
        out.i32(give.to()).i32(give.bytes());
      }
      case MoveRequest.Take take -> {
        ShardMapCodec.encode(take.map(), out.u8(TAKE).i64(take.bootEpoch()).i64(take.step()).i64(take.clock()));
        KeyRangeCodec.encode(take.range(), out);
        out.varint(take.rows().size());
        take.rows().forEach(row -> out.bytes(row.key()).bytes(row.value()));
      }
      case MoveRequest.Learn learn -> ShardMapCodec.encode(learn.map(), out.u8(LEARN));
    }
    return out.toByteArray();
  }

  /** Fails with {@link MalformedBytesException} if these bytes are no request. */
  static MoveRequest decodeRequest(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    MoveRequest request = switch (in.u8()) {
      case GIVE -> new MoveRequest.Give(KeyRangeCodec.decode(in), in.i32(), in.i32());
      case TAKE -> take(in);
      case LEARN -> new MoveRequest.Learn(ShardMapCodec.decode(in));
      default -> throw new MalformedBytesException("unknown kind of request");
    };
    in.expectEnd();
    return request;
  }

  private static MoveRequest.Take take(ByteReader in) {
    long bootEpoch = in.i64();
    long step = in.i64();
    long clock = in.i64();
    ShardMap map = ShardMapCodec.decode(in);
    KeyRange range = KeyRangeCodec.decode(in);
    int count = in.varint(in.remaining());
    List<KeyValue> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(new KeyValue(in.bytes(KvStore.KEY_BYTES_MAX), in.bytes(KvStore.VALUE_BYTES_MAX)));
    }
    return new MoveRequest.Take(bootEpoch, step, clock, map, range, rows);
  }

  static byte[] encode(MoveReply reply) {
    ByteWriter out = new ByteWriter(64).u8(FORMAT);
    switch (reply) {
      case MoveReply.Gave gave -> {
        KeyRangeCodec.encode(gave.range(), out.u8(GAVE));
        out.varint(gave.rows());
      }
      case MoveReply.Done done -> out.u8(DONE).i64(done.clock());
      case MoveReply.Failed failed -> FailureCodec.encode(failed.failure(), out.u8(FAILED));
    }
    return out.toByteArray();
  }

  /** Fails with {@link MalformedBytesException} if these bytes are no reply. */
  static MoveReply decodeReply(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    MoveReply reply = switch (in.u8()) {
      case GAVE -> new MoveReply.Gave(KeyRangeCodec.decode(in), in.varint());
      case DONE -> new MoveReply.Done(in.i64());
      case FAILED -> new MoveReply.Failed(FailureCodec.decode(in));
      default -> throw new MalformedBytesException("unknown kind of reply");
    };
    in.expectEnd();
    return reply;
  }
}
