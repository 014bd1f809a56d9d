package org.treatydb.sql.exec;

import java.nio.ByteBuffer;
import org.treatydb.kv.api.TransactionId;

/**
 * Makes the hidden row ids of one transaction. An id is the transaction's id, which no other transaction ever has, on any node, in any
 * boot, and a count; so ids are unique over restarts and concurrent sessions without asking anyone. They sort in the order the node's
 * transactions began, then in the order of insertion.
 *
 * <p>The bytes, a storage format: boot epoch, transaction sequence, node, count; each a length byte and as many bytes, big-endian, without
 * leading zeros.
 */
public final class RowIds {

  private static final int BYTES_MAX = 2 * (1 + Long.BYTES) + 1 + Integer.BYTES + 1 + Long.BYTES;

  private final TransactionId transaction;
  private long count;

  public RowIds(TransactionId transaction) {
    this.transaction = transaction;
  }

  byte[] next() {
    ByteBuffer id = ByteBuffer.allocate(BYTES_MAX);
    put(id, transaction.bootEpoch());
    put(id, transaction.sequence());
    put(id, transaction.node());
    put(id, count++);
    byte[] bytes = new byte[id.position()];
    id.flip().get(bytes);
    return bytes;
  }

  private static void put(ByteBuffer id, long number) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(number) + Byte.SIZE - 1) / Byte.SIZE;
    id.put((byte) length);
    for (int i = length - 1; i >= 0; i--) {
      id.put((byte) (number >>> i * Byte.SIZE));
    }
  }
}
