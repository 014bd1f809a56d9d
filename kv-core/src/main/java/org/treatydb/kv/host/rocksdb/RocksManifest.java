package org.treatydb.kv.host.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A look at RocksDB's own MANIFEST before RocksDB opens it. A record whose type says that it lies in a recycled log,
 * which no MANIFEST is, makes RocksDB 11.8 read it again and again for ever (one changed bit suffices; compare RocksDB's
 * issue 11968). Everything else that can be wrong with the file RocksDB finds by itself.
 *
 * <p>The file is a row of 32 KiB blocks; a record is a checksum (4 bytes), its length (2, little-endian), its type and
 * its bytes, and never crosses into the next block.
 */
final class RocksManifest {

  private static final int BLOCK_BYTES = 32 << 10;
  private static final int HEADER_BYTES = 7;
  private static final int LENGTH_AT = 4;
  private static final int TYPE_AT = 6;
  /** Full, first, middle, last. */
  private static final int RECORD_TYPE_MAX = 4;
  private static final int NAME_BYTES_MAX = 100;

  private RocksManifest() {}

  /**
   * Checks the MANIFEST that {@code CURRENT} in {@code directory} names, if it does.
   *
   * @throws KvException.IntegrityViolation if RocksDB must not read it
   */
  static void check(Path directory) throws IOException {
    Path current = directory.resolve("CURRENT");
    if (!Files.isRegularFile(current) || Files.size(current) > NAME_BYTES_MAX) {
      return;
    }
    String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
    if (!name.matches("MANIFEST-\\d+") || !Files.isRegularFile(directory.resolve(name))) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(name))).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + HEADER_BYTES <= bytes.limit()) {
      int left = BLOCK_BYTES - at % BLOCK_BYTES;
      if (left < HEADER_BYTES) {
        at += left;
        continue;
      }
      int length = bytes.getShort(at + LENGTH_AT) & 0xffff;
      int type = bytes.get(at + TYPE_AT) & 0xff;
      if (type > RECORD_TYPE_MAX) {
        throw new KvException.IntegrityViolation(
            ErrorCode.INTEGRITY_VIOLATION, "the leaf store cannot be opened: its " + name + " is damaged at byte " + at, null);
      }
      at += HEADER_BYTES + length;
    }
  }
}
