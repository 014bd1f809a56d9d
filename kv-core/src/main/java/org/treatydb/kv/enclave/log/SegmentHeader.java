package org.treatydb.kv.enclave.log;

import java.util.Arrays;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeySchedule;

/**
 * The first bytes of a segment, in the clear. Nothing here is believed by itself: a changed salt gives another key,
 * changed epoch or digest another associated data, and the batches behind do not open.
 *
 * <p>Format 1: version, log code, store id, boot epoch, salt, counter and digest of the log's head before this segment.
 */
record SegmentHeader(LogName log, StoreId store, long epoch, byte[] salt, LogHead before) {

  static final int BYTES = 1 + 1 + StoreId.BYTES + Long.BYTES + KeySchedule.SALT_BYTES + Long.BYTES + LogHead.DIGEST_BYTES;

  private static final int VERSION = 1;

  byte[] encode() {
    ByteWriter out = new ByteWriter(BYTES).u8(VERSION).u8(log.code()).raw(store.bytes()).i64(epoch).raw(salt);
    LogHeadCodec.encode(before, out);
    return out.toByteArray();
  }

  static SegmentHeader decode(byte[] bytes, LogName log, StoreId store) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    int code = in.u8();
    byte[] id = in.raw(StoreId.BYTES);
    if (code != log.code() || !Arrays.equals(id, store.bytes())) {
      throw new MalformedBytesException("a segment of another log or store");
    }
    long epoch = in.i64();
    byte[] salt = in.raw(KeySchedule.SALT_BYTES);
    SegmentHeader header = new SegmentHeader(log, store, epoch, salt, LogHeadCodec.decode(in));
    in.expectEnd();
    return header;
  }
}
