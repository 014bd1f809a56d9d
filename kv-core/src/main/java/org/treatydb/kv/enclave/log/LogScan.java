package org.treatydb.kv.enclave.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Finds how far a log on disk goes, when no trusted counter says how far it must: for a store that was moved or restored
 * on purpose. Every batch there is must open and follow the one before; only the last segment may end in what a crash
 * leaves: a batch cut short, or zeros. So a changed log is refused; an <em>older</em> one is not noticed, which is why
 * nothing but an operator's explicit decision may rest on this.
 *
 * <p>Not thread-safe; used once.
 */
public final class LogScan {

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
    try (SealedLogFile file = storage.open(segment)) {
      long size = file.size();
      if (size < SegmentHeader.BYTES) {
        tornOrChanged(segment, last, true);
        return;
      }
      byte[] start = read(file, 0, SegmentHeader.BYTES);
      if (last && written(start) == 0) {
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
      while (position < size) {
        int length = scanBatch(segment, file, position, size, codec, last);
        if (length == 0) {
          return;
        }
        newestEpoch = Math.max(newestEpoch, header.epoch());
        position += length;
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

  /** The length of the batch at {@code position}; 0 if the log ends there, with a torn batch. */
  private int scanBatch(long segment, SealedLogFile file, long position, long size, BatchCodec codec, boolean last) throws IOException {
    int rest = (int) Math.min(size - position, BatchCodec.HEADER_BYTES + BatchCodec.SEALED_BYTES_MAX);
    Optional<BatchCodec.Header> parsed = rest < BatchCodec.HEADER_BYTES
        ? Optional.empty()
        : BatchCodec.header(read(file, position, BatchCodec.HEADER_BYTES));
    if (parsed.isEmpty()) {
      tornOrChanged(segment, last, written(read(file, position, rest)) < BatchCodec.HEADER_BYTES);
      return 0;
    }
    BatchCodec.Header header = parsed.get();
    int length = BatchCodec.HEADER_BYTES + header.sealedBytes();
    if (length > rest) {
      // Torn, unless the batch is whole and only its length was changed.
      BatchCodec.Header whole = new BatchCodec.Header(rest - BatchCodec.HEADER_BYTES, header.firstCounter(), header.records());
      tornOrChanged(segment, last, !opens(codec, whole, read(file, position, rest)));
      return 0;
    }
    byte[] bytes = read(file, position, length);
    if (!opens(codec, header, bytes)) {
      tornOrChanged(segment, last, written(read(file, position, rest)) <= length - Sealer.TAG_BYTES);
      return 0;
    }
    reached = new LogHead(header.firstCounter() + header.records() - 1, BatchCodec.digest(reached.digest(), bytes));
    return length;
  }

  /** How many bytes there are before the zeros at the end, which a crash leaves where data had not come to the disk. */
  private static int written(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
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

  private static byte[] read(SealedLogFile file, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    file.read(position, buffer);
    if (buffer.hasRemaining()) {
      throw new IOException("the file ended " + buffer.remaining() + " bytes early");
    }
    return buffer.array();
  }

  private KvException changed(long segment, String how) {
    return new KvException.IntegrityViolation(
        "the %s was changed: segment %d, behind record %d: %s"
            .formatted(identity.log(), segment, reached == null ? 0 : reached.counter(), how));
  }
}
