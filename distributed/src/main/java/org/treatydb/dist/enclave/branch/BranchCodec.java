package org.treatydb.dist.enclave.branch;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.dist.enclave.rpc.FailureCodec;
import org.treatydb.dist.enclave.rpc.KeyRangeCodec;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Calls of branches and their answers on the wire, format 1. A call: format, transaction (4 + 8 + 8 bytes), number (varint), repeated,
 * oldest open (varint), clock (8), mode, timestamp (8), lock timeout (8), kind of request, its fields. An answer: format, clock (8), kind,
 * fields. Optional bytes have their length plus one before them, 0 for none.
 */
public final class BranchCodec {

  private static final int FORMAT = 1;

  private static final int GET = 1;
  private static final int MULTI_GET = 2;
  private static final int SCAN = 3;
  private static final int NEXT = 4;
  private static final int CLOSE_CURSOR = 5;
  private static final int PREPARE = 6;
  private static final int COMMIT_ALONE = 7;
  private static final int COMMIT = 8;
  private static final int ABORT = 9;
  private static final int TAKE_CLOCK = 10;

  private static final int VALUES = 1;
  private static final int PAGE = 2;
  private static final int VOTED = 3;
  private static final int COMMITTED = 4;
  private static final int DONE = 5;
  private static final int FAILED = 6;

  private static final int REVERSE = 1;
  private static final int FOR_UPDATE = 2;

  private static final BranchCall.Mode[] MODES = BranchCall.Mode.values();

  private BranchCodec() {}

  public static void encode(BranchCall call, ByteWriter out) {
    out.u8(FORMAT);
    encode(call.transaction(), out);
    out.varint(call.number()).u8(call.repeated() ? 1 : 0).varint(call.oldestOpen()).i64(call.clock());
    out.u8(call.mode().ordinal()).i64(call.timestamp()).i64(call.lockTimeoutNanos());
    switch (call.request()) {
      case BranchRequest.Get get -> out.u8(GET).bytes(get.key()).u8(get.forUpdate() ? FOR_UPDATE : 0);
      case BranchRequest.MultiGet get -> {
        out.u8(MULTI_GET).varint(get.keys().size());
        get.keys().forEach(out::bytes);
      }
      case BranchRequest.Scan scan -> {
        out.u8(SCAN).i32(scan.cursor()).u8((scan.reverse() ? REVERSE : 0) | (scan.forUpdate() ? FOR_UPDATE : 0));
        KeyRangeCodec.encode(scan.range(), out);
      }
      case BranchRequest.Next next -> out.u8(NEXT).i32(next.cursor());
      case BranchRequest.CloseCursor close -> out.u8(CLOSE_CURSOR).i32(close.cursor());
      case BranchRequest.Prepare prepare -> writes(prepare.writes(), out.u8(PREPARE).i64(prepare.floor()));
      case BranchRequest.CommitAlone commit -> writes(commit.writes(), out.u8(COMMIT_ALONE).i64(commit.floor()).i64(commit.ceiling()));
      case BranchRequest.Commit commit -> out.u8(COMMIT).i64(commit.timestamp());
      case BranchRequest.Abort _ -> out.u8(ABORT);
      case BranchRequest.TakeClock _ -> out.u8(TAKE_CLOCK);
    }
  }

  /**
   * Reads a call.
   *
   * @throws MalformedBytesException if there is none
   */
  public static BranchCall decodeCall(ByteReader in) {
    in.version(FORMAT);
    TransactionId transaction = transaction(in);
    long number = in.varint();
    boolean repeated = in.u8() == 1;
    long oldestOpen = in.varint();
    long clock = in.i64();
    int mode = in.u8();
    if (mode >= MODES.length) {
      throw new MalformedBytesException("unknown mode " + mode);
    }
    BranchCall call = new BranchCall(
        transaction, number, repeated, oldestOpen, clock, MODES[mode], in.i64(), in.i64(), request(in));
    in.expectEnd();
    return call;
  }

  private static BranchRequest request(ByteReader in) {
    return switch (in.u8()) {
      case GET -> new BranchRequest.Get(in.bytes(KvStore.KEY_BYTES_MAX), in.u8() == FOR_UPDATE);
      case MULTI_GET -> new BranchRequest.MultiGet(keys(in));
      case SCAN -> scan(in);
      case NEXT -> new BranchRequest.Next(in.i32());
      case CLOSE_CURSOR -> new BranchRequest.CloseCursor(in.i32());
      case PREPARE -> {
        long floor = in.i64();
        yield new BranchRequest.Prepare(writes(in), floor);
      }
      case COMMIT_ALONE -> {
        long floor = in.i64();
        long ceiling = in.i64();
        yield new BranchRequest.CommitAlone(writes(in), floor, ceiling);
      }
      case COMMIT -> new BranchRequest.Commit(in.i64());
      case ABORT -> new BranchRequest.Abort();
      case TAKE_CLOCK -> new BranchRequest.TakeClock();
      default -> throw new MalformedBytesException("unknown kind of request");
    };
  }

  private static BranchRequest scan(ByteReader in) {
    int cursor = in.i32();
    int flags = in.u8();
    return new BranchRequest.Scan(cursor, KeyRangeCodec.decode(in), (flags & REVERSE) != 0, (flags & FOR_UPDATE) != 0);
  }

  public static void encode(BranchAnswer answer, ByteWriter out) {
    out.u8(FORMAT).i64(answer.clock());
    switch (answer.reply()) {
      case BranchReply.Values values -> {
        out.u8(VALUES).varint(values.values().size());
        values.values().forEach(value -> optional(value, out));
      }
      case BranchReply.Page page -> {
        out.u8(PAGE).u8(page.last() ? 1 : 0).varint(page.entries().size());
        page.entries().forEach(entry -> out.bytes(entry.key()).bytes(entry.value()));
      }
      case BranchReply.Voted vote -> out.u8(VOTED).i64(vote.timestamp()).i64(vote.clockLimit());
      case BranchReply.Committed committed -> out.u8(COMMITTED).i64(committed.timestamp());
      case BranchReply.Done _ -> out.u8(DONE);
      case BranchReply.Failed failed -> FailureCodec.encode(failed.failure(), out.u8(FAILED));
    }
  }

  /**
   * Reads an answer.
   *
   * @throws MalformedBytesException if there is none
   */
  public static BranchAnswer decodeAnswer(ByteReader in) {
    in.version(FORMAT);
    BranchAnswer answer = new BranchAnswer(in.i64(), reply(in));
    in.expectEnd();
    return answer;
  }

  private static BranchReply reply(ByteReader in) {
    return switch (in.u8()) {
      case VALUES -> {
        int count = in.varint(in.remaining());
        List<byte[]> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          values.add(optional(in, KvStore.VALUE_BYTES_MAX));
        }
        yield new BranchReply.Values(values);
      }
      case PAGE -> {
        boolean last = in.u8() == 1;
        int count = in.varint(in.remaining());
        List<KeyValue> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          entries.add(new KeyValue(in.bytes(KvStore.KEY_BYTES_MAX), in.bytes(KvStore.VALUE_BYTES_MAX)));
        }
        yield new BranchReply.Page(entries, last);
      }
      case VOTED -> new BranchReply.Voted(in.i64(), in.i64());
      case COMMITTED -> new BranchReply.Committed(in.i64());
      case DONE -> new BranchReply.Done();
      case FAILED -> new BranchReply.Failed(FailureCodec.decode(in));
      default -> throw new MalformedBytesException("unknown kind of answer");
    };
  }

  public static void encode(TransactionId id, ByteWriter out) {
    out.i32(id.node()).i64(id.bootEpoch()).i64(id.sequence());
  }

  public static TransactionId transaction(ByteReader in) {
    return new TransactionId(in.i32(), in.i64(), in.i64());
  }

  private static List<byte[]> keys(ByteReader in) {
    int count = in.varint(in.remaining());
    List<byte[]> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(in.bytes(KvStore.KEY_BYTES_MAX));
    }
    return keys;
  }

  private static void writes(List<WalRecord.Write> writes, ByteWriter out) {
    out.varint(writes.size());
    for (WalRecord.Write write : writes) {
      out.bytes(write.key());
      optional(write.value(), out);
    }
  }

  private static List<WalRecord.Write> writes(ByteReader in) {
    int count = in.varint(in.remaining());
    List<WalRecord.Write> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      writes.add(new WalRecord.Write(in.bytes(KvStore.KEY_BYTES_MAX), optional(in, KvStore.VALUE_BYTES_MAX)));
    }
    return writes;
  }

  private static void optional(byte[] bytes, ByteWriter out) {
    if (bytes == null) {
      out.varint(0);
    } else {
      out.varint(bytes.length + 1L).raw(bytes);
    }
  }

  private static byte[] optional(ByteReader in, int lengthMax) {
    int length = in.varint(lengthMax + 1);
    return length == 0 ? null : in.raw(length - 1);
  }
}
