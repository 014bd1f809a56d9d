package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Finds how far a log on disk goes, when no trusted counter says how far it must: for a store that was moved or restored
 * on purpose. Every batch there is must open and follow the one before; only the last segment may end in what a crash
 * leaves of a batch. So a changed log is refused; an <em>older</em> one is not noticed, which is why nothing but an
 * operator's explicit decision may rest on this.
 *
 * <p>Not thread-safe; used once.
 */
public final class LogScan {

  /** More zeros than these a batch ends in about once in 2^32 times. */
  private static final int ZEROS_IN_TAG_MAX = 3;

  private final LogIdentity identity;
  private final SealedLogStorage storage;
  private LogHead reached;
  private long newestEpoch;

  public LogScan(LogIdentity identity, SealedLogStorage storage) {
    this.identity = identity;
    this.storage = storage;
  }

  /**
   * What was found.
   *
   * @param head the head behind the last batch that is whole
   * @param newestEpoch the newest boot epoch that wrote one of the batches read; 0 if there is none
   */
  public record Result(LogHead head, long newestEpoch) {}

  /**
   * Reads the log to its end.
   *
   * @throws KvException.IntegrityViolation if it was changed, or a piece from its middle is missing
   * @throws KvException.Unavailable if the files cannot be read
   */
  public Result run() {
    try {
      List<Long> segments = storage.segments();
      for (int i = 0; i < segments.size(); i++) {
        scan(segments.get(i), i == segments.size() - 1);
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the " + identity.log() + ": " + e.getMessage(), e);
    }
    return new Result(reached == null ? identity.genesis() : reached, newestEpoch);
  }

  private void scan(long segment, boolean last) throws IOException {
    try (SegmentReader file = new SegmentReader(storage, segment)) {
      byte[] start = file.read(0, SegmentHeader.BYTES);
      if (start.length < SegmentHeader.BYTES) {
        tornOrChanged(segment, last, true);
        return;
      }
      if (last && SegmentReader.withoutZerosAtEnd(start) == 0) {
        return;
      }
      SegmentHeader header = header(segment, start);
      if (reached != null && !header.before().equals(reached)) {
        throw changed(segment, "it does not follow the segment before it");
      }
      reached = header.before();
      BatchCodec codec =
          new BatchCodec(identity.store(), identity.log(), header.epoch(), identity.keys().log(identity.log(), header.salt()));
      long position = SegmentHeader.BYTES;
      int length = scanBatch(segment, file, position, codec, last);
      while (length > 0) {
        newestEpoch = Math.max(newestEpoch, header.epoch());
        position += length;
        length = scanBatch(segment, file, position, codec, last);
      }
    }
  }

  private SegmentHeader header(long segment, byte[] bytes) {
    try {
      return SegmentHeader.decode(bytes, identity.log(), identity.store());
    } catch (MalformedBytesException e) {
      throw changed(segment, "its header is damaged");
    }
  }

  /** The length of the batch at {@code position}; 0 if the segment ends there, perhaps with a torn batch. */
  private int scanBatch(long segment, SegmentReader file, long position, BatchCodec codec, boolean last) throws IOException {
    byte[] start = file.read(position, BatchCodec.HEADER_BYTES);
    if (start.length == 0 || start[0] == 0 && file.endsAt(position)) {
      return 0;
    }
    Optional<BatchCodec.Header> parsed = start.length < BatchCodec.HEADER_BYTES ? Optional.empty() : BatchCodec.header(start);
    if (parsed.isEmpty()) {
      tornOrChanged(segment, last, TornBatch.isTorn(position, BatchCodec.HEADER_BYTES + Sealer.TAG_BYTES, rest(file, position)));
      return 0;
    }
    BatchCodec.Header header = parsed.get();
    byte[] bytes = file.read(position, BatchCodec.HEADER_BYTES + header.sealedBytes());
    if (bytes.length < BatchCodec.HEADER_BYTES + header.sealedBytes() || !opens(codec, header, bytes)) {
      byte[] rest = rest(file, position);
      boolean torn = TornBatch.isTorn(position, BatchCodec.HEADER_BYTES + header.sealedBytes(), rest);
      tornOrChanged(segment, last, torn && !opensWithAnotherLength(codec, header, rest));
      return 0;
    }
    reached = new LogHead(header.firstCounter() + header.records() - 1, BatchCodec.digest(reached.digest(), bytes));
    return bytes.length;
  }

  private static byte[] rest(SegmentReader file, long position) throws IOException {
    return file.read(position, BatchCodec.HEADER_BYTES + BatchCodec.SEALED_BYTES_MAX);
  }

  /** Whether the last batch is whole, and only its length was changed. Zeros behind it may belong to it. */
  private boolean opensWithAnotherLength(BatchCodec codec, BatchCodec.Header header, byte[] rest) {
    int shortest = SegmentReader.withoutZerosAtEnd(rest);
    for (int length = shortest; length <= Math.min(rest.length, shortest + ZEROS_IN_TAG_MAX); length++) {
      int sealedBytes = length - BatchCodec.HEADER_BYTES;
      if (sealedBytes >= Sealer.TAG_BYTES
          && opens(codec, new BatchCodec.Header(sealedBytes, header.firstCounter(), header.records()), rest)) {
        return true;
      }
    }
    return false;
  }

  private boolean opens(BatchCodec codec, BatchCodec.Header header, byte[] bytes) {
    try {
      List<ByteReader> records = codec.open(reached, header, bytes).orElse(List.of());
      return records.size() == header.records();
    } catch (MalformedBytesException e) {
      return false;
    }
  }

  /** Accepts the end of the log here if a crash can have left it so. */
  private void tornOrChanged(long segment, boolean last, boolean torn) {
    if (!last || !torn) {
      throw changed(segment, "a batch does not open, or is cut");
    }
  }

  private KvException changed(long segment, String how) {
    return new KvException.IntegrityViolation(
        "the %s was changed: segment %d, behind record %d: %s"
            .formatted(identity.log(), segment, reached == null ? 0 : reached.counter(), how));
  }
}
