package org.treatydb.kv.enclave.wal;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.log.LogHeadCodec;
import org.treatydb.kv.enclave.log.RecordCodec;

/**
 * WAL records, format 2: kind, then for a commit (1) or a prepared transaction (3) node (4 bytes), boot epoch (8), sequence (8),
 * timestamp (8), number of writes, then for each the key (length, bytes) and the value's length plus one, 0 for a delete, and its
 * bytes; for a bulk load (2) the head of the MANIFEST; for a decision (4) node, boot epoch, sequence and timestamp, 0 for an abort;
 * for the clock's limit (5) a timestamp.
 */
public final class WalCodec implements RecordCodec<WalRecord> {

  private static final int COMMIT = 1;
  private static final int LOADED = 2;
  private static final int PREPARED = 3;
  private static final int DECIDED = 4;
  private static final int CLOCK_LIMIT = 5;

  @Override
  public void encode(WalRecord record, ByteWriter out) {
    switch (record) {
      case WalRecord.Commit commit -> {
        encodeId(commit.transaction(), out.u8(COMMIT)).i64(commit.timestamp());
        encodeWrites(commit.writes(), out);
      }
      case WalRecord.Loaded loaded -> LogHeadCodec.encode(loaded.manifestHead(), out.u8(LOADED));
      case WalRecord.Prepared prepared -> {
        encodeId(prepared.transaction(), out.u8(PREPARED)).i64(prepared.timestamp());
        encodeWrites(prepared.writes(), out);
      }
      case WalRecord.Decided decided -> encodeId(decided.transaction(), out.u8(DECIDED)).i64(decided.timestamp());
      case WalRecord.ClockLimit limit -> out.u8(CLOCK_LIMIT).i64(limit.timestamp());
    }
  }

  private static ByteWriter encodeId(TransactionId id, ByteWriter out) {
    return out.i32(id.node()).i64(id.bootEpoch()).i64(id.sequence());
  }

  private static void encodeWrites(List<WalRecord.Write> writes, ByteWriter out) {
    out.varint(writes.size());
    for (WalRecord.Write write : writes) {
      out.bytes(write.key());
      if (write.value() == null) {
        out.varint(0);
      } else {
        out.varint(write.value().length + 1L).raw(write.value());
      }
    }
  }

  @Override
  public WalRecord decode(ByteReader in) {
    WalRecord record = switch (in.u8()) {
      case COMMIT -> new WalRecord.Commit(decodeId(in), in.i64(), decodeWrites(in));
      case LOADED -> new WalRecord.Loaded(LogHeadCodec.decode(in));
      case PREPARED -> new WalRecord.Prepared(decodeId(in), in.i64(), decodeWrites(in));
      case DECIDED -> new WalRecord.Decided(decodeId(in), in.i64());
      case CLOCK_LIMIT -> new WalRecord.ClockLimit(in.i64());
      default -> throw new MalformedBytesException("unknown kind of WAL record");
    };
    in.expectEnd();
    return record;
  }

  private static TransactionId decodeId(ByteReader in) {
    return new TransactionId(in.i32(), in.i64(), in.i64());
  }

  private static List<WalRecord.Write> decodeWrites(ByteReader in) {
    int count = in.varint(in.remaining());
    List<WalRecord.Write> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] key = in.bytes(KvStore.KEY_BYTES_MAX);
      int length = in.varint(KvStore.VALUE_BYTES_MAX + 1);
      writes.add(new WalRecord.Write(key, length == 0 ? null : in.raw(length - 1)));
    }
    return writes;
  }
}
