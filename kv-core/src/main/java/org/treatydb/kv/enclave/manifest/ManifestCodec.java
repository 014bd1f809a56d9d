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
 * MANIFEST records, format 5: kind (5 checkpoint leaves, 7 part of an edit, 10 load, 12 flush, 13 checkpoint start), then
 * the record's fields in order. The WAL's head is its counter (8 bytes) and digest (32), a digest of a header has 32 bytes.
 * Kinds 1 to 4, 6, 8, 9 and 11 were those of earlier formats; nobody has stores of that time.
 */
public final class ManifestCodec implements RecordCodec<ManifestRecord> {

  private static final int CHECKPOINT_LEAVES = 5;
  private static final int EDIT_PART = 7;
  private static final int FLUSH = 12;
  private static final int LOAD = 10;
  private static final int CHECKPOINT_START = 13;
  private static final int HEADER_DIGEST_BYTES = 32;
  private static final int PARTS_MAX = 1 << 16;

  @Override
  public void encode(ManifestRecord record, ByteWriter out) {
    switch (record) {
      case ManifestRecord.CheckpointStart start -> encodeStart(start, out);
      case ManifestRecord.CheckpointLeaves part -> DirectoryEdit.encodeLeaves(part.leaves(), out.u8(CHECKPOINT_LEAVES));
      case ManifestRecord.EditPart part -> part.edit().encode(out.u8(EDIT_PART));
      case ManifestRecord.Load load -> {
        out.u8(LOAD).i64(load.flushId()).i64(load.timestamp()).i64(load.nextLeafId());
        load.edit().encode(out);
      }
      case ManifestRecord.Flush flush -> {
        LogHeadCodec.encode(flush.walHead(), out.u8(FLUSH));
        flush.edit().encode(out.i64(flush.walNeededFrom()).i64(flush.timestamp()).i64(flush.nextLeafId()));
      }
    }
  }

  private static void encodeStart(ManifestRecord.CheckpointStart start, ByteWriter out) {
    ManifestState state = start.withoutLeaves();
    LogHeadCodec.encode(state.walHead(), out.u8(CHECKPOINT_START));
    out.i64(state.walNeededFrom()).i64(state.timestamp()).i64(state.nextLeafId()).varint(start.leafParts());
    out.varint(state.bootSalts().size());
    new TreeMap<>(state.bootSalts()).forEach((epoch, salt) -> out.i64(epoch).raw(salt));
    out.varint(state.headers().size());
    state.headers().forEach(out::raw);
    state.loads().encode(out);
  }

  @Override
  public ManifestRecord decode(ByteReader in) {
    ManifestRecord record = switch (in.u8()) {
      case CHECKPOINT_START -> decodeStart(in);
      case CHECKPOINT_LEAVES -> new ManifestRecord.CheckpointLeaves(DirectoryEdit.decodeLeaves(in));
      case EDIT_PART -> new ManifestRecord.EditPart(DirectoryEdit.decode(in));
      case LOAD -> {
        long flushId = in.i64();
        long timestamp = in.i64();
        long nextLeafId = in.i64();
        yield new ManifestRecord.Load(DirectoryEdit.decode(in), flushId, timestamp, nextLeafId);
      }
      case FLUSH -> {
        LogHead walHead = LogHeadCodec.decode(in);
        long walNeededFrom = in.i64();
        long timestamp = in.i64();
        long nextLeafId = in.i64();
        yield new ManifestRecord.Flush(DirectoryEdit.decode(in), walHead, walNeededFrom, timestamp, nextLeafId);
      }
      default -> throw new MalformedBytesException("unknown kind of MANIFEST record");
    };
    in.expectEnd();
    return record;
  }

  private static ManifestRecord decodeStart(ByteReader in) {
    LogHead walHead = LogHeadCodec.decode(in);
    long walNeededFrom = in.i64();
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
    ManifestState state =
        new ManifestState(Directory.EMPTY, salts, walHead, walNeededFrom, timestamp, nextLeafId, headers, Loads.decode(in));
    return new ManifestRecord.CheckpointStart(state, parts);
  }
}
