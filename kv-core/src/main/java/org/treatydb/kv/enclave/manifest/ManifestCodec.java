package org.treatydb.kv.enclave.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.DirectoryEdit;
import org.treatydb.kv.enclave.log.LogHeadCodec;
import org.treatydb.kv.enclave.log.RecordCodec;

/**
 * MANIFEST records, format 3: kind (5 checkpoint leaves, 7 part of a flush, 8 checkpoint start, 9 flush), then the record's
 * fields in order. The WAL's head is its counter (8 bytes) and digest (32), a digest of a header has 32 bytes. Kinds 1 to 4
 * and 6 were those of formats 1 and 2; nobody has stores of that time.
 */
public final class ManifestCodec implements RecordCodec<ManifestRecord> {

  private static final int CHECKPOINT_LEAVES = 5;
  private static final int FLUSH_PART = 7;
  private static final int CHECKPOINT_START = 8;
  private static final int FLUSH = 9;
  private static final int HEADER_DIGEST_BYTES = 32;
  private static final int PARTS_MAX = 1 << 16;

  @Override
  public void encode(ManifestRecord record, ByteWriter out) {
    switch (record) {
      case ManifestRecord.CheckpointStart start -> encodeStart(start, out);
      case ManifestRecord.CheckpointLeaves part -> DirectoryEdit.encodeLeaves(part.leaves(), out.u8(CHECKPOINT_LEAVES));
      case ManifestRecord.FlushPart part -> part.edit().encode(out.u8(FLUSH_PART));
      case ManifestRecord.Flush flush -> {
        LogHeadCodec.encode(flush.walHead(), out.u8(FLUSH));
        flush.edit().encode(out.i64(flush.timestamp()).i64(flush.nextLeafId()));
      }
    }
  }

  private static void encodeStart(ManifestRecord.CheckpointStart start, ByteWriter out) {
    ManifestState state = start.withoutLeaves();
    LogHeadCodec.encode(state.walHead(), out.u8(CHECKPOINT_START));
    out.i64(state.timestamp()).i64(state.nextLeafId()).varint(start.leafParts());
    out.varint(state.bootSalts().size());
    new TreeMap<>(state.bootSalts()).forEach((epoch, salt) -> out.i64(epoch).raw(salt));
    out.varint(state.headers().size());
    state.headers().forEach(out::raw);
  }

  @Override
  public ManifestRecord decode(ByteReader in) {
    ManifestRecord record = switch (in.u8()) {
      case CHECKPOINT_START -> decodeStart(in);
      case CHECKPOINT_LEAVES -> new ManifestRecord.CheckpointLeaves(DirectoryEdit.decodeLeaves(in));
      case FLUSH_PART -> new ManifestRecord.FlushPart(DirectoryEdit.decode(in));
      case FLUSH -> {
        LogHead walHead = LogHeadCodec.decode(in);
        long timestamp = in.i64();
        long nextLeafId = in.i64();
        yield new ManifestRecord.Flush(DirectoryEdit.decode(in), walHead, timestamp, nextLeafId);
      }
      default -> throw new MalformedBytesException("unknown kind of MANIFEST record");
    };
    in.expectEnd();
    return record;
  }

  private static ManifestRecord decodeStart(ByteReader in) {
    LogHead walHead = LogHeadCodec.decode(in);
    long timestamp = in.i64();
    long nextLeafId = in.i64();
    int parts = in.varint(PARTS_MAX);
    Map<Long, byte[]> salts = new TreeMap<>();
    int boots = in.varint(in.remaining());
    for (int i = 0; i < boots; i++) {
      salts.put(in.i64(), in.raw(KeySchedule.SALT_BYTES));
    }
    List<byte[]> headers = new ArrayList<>();
    int count = in.varint(ManifestState.HEADERS_MAX);
    for (int i = 0; i < count; i++) {
      headers.add(in.raw(HEADER_DIGEST_BYTES));
    }
    ManifestState state = new ManifestState(Directory.EMPTY, salts, walHead, timestamp, nextLeafId, headers);
    return new ManifestRecord.CheckpointStart(state, parts);
  }
}
