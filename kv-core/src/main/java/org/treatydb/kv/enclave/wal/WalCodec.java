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
 * WAL records, format 1: kind, then for a commit (1) node (4 bytes), boot epoch (8), sequence (8), timestamp (8), number
 * of writes, then for each the key (length, bytes) and the value's length plus one, 0 for a delete, and its bytes; for a
 * bulk load (2) the head of the MANIFEST.
 */
public final class WalCodec implements RecordCodec<WalRecord> {

  private static final int COMMIT = 1;
  private static final int LOADED = 2;

  @Override
  public void encode(WalRecord record, ByteWriter out) {
    switch (record) {
      case WalRecord.Commit commit -> encodeCommit(commit, out);
      case WalRecord.Loaded loaded -> LogHeadCodec.encode(loaded.manifestHead(), out.u8(LOADED));
    }
  }

  private static void encodeCommit(WalRecord.Commit commit, ByteWriter out) {
    TransactionId id = commit.transaction();
    out.u8(COMMIT).i32(id.node()).i64(id.bootEpoch()).i64(id.sequence()).i64(commit.timestamp());
    out.varint(commit.writes().size());
    for (WalRecord.Write write : commit.writes()) {
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
      case COMMIT -> decodeCommit(in);
      case LOADED -> new WalRecord.Loaded(LogHeadCodec.decode(in));
      default -> throw new MalformedBytesException("unknown kind of WAL record");
    };
    in.expectEnd();
    return record;
  }

  private static WalRecord.Commit decodeCommit(ByteReader in) {
    TransactionId id = new TransactionId(in.i32(), in.i64(), in.i64());
    long timestamp = in.i64();
    int count = in.varint(in.remaining());
    List<WalRecord.Write> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] key = in.bytes(KvStore.KEY_BYTES_MAX);
      int length = in.varint(KvStore.VALUE_BYTES_MAX + 1);
      writes.add(new WalRecord.Write(key, length == 0 ? null : in.raw(length - 1)));
    }
    return new WalRecord.Commit(id, timestamp, writes);
  }
}
