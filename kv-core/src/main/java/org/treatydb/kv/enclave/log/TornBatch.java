package org.treatydb.kv.enclave.log;

import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * Tells what a crash can have left of a batch that was being written from a batch that was changed. Disks write whole
 * sectors, in any order: of a torn batch a sector is missing. What is missing is behind the end of the file, or zeros.
 */
final class TornBatch {

  /** The smallest unit that disks write whole. */
  private static final int SECTOR_BYTES = 512;

  private TornBatch() {}

  /**
   * Whether a batch is torn.
   *
   * @param position where in the segment the batch begins
   * @param length the bytes it should have, as far as that can be seen
   * @param rest the segment from {@code position} on
   */
  static boolean isTorn(long position, int length, byte[] rest) {
    if (rest.length < length || SegmentReader.withoutZerosAtEnd(rest) <= length - Sealer.TAG_BYTES) {
      return true;
    }
    int from = 0;
    while (from < length) {
      int to = (int) Math.min(length, from + SECTOR_BYTES - (position + from) % SECTOR_BYTES);
      if (isZero(rest, from, to)) {
        return true;
      }
      from = to;
    }
    return false;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
