package org.treatydb.dist.node;

import java.nio.charset.StandardCharsets;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * How one node is. On the wire, format 1: format, boot epoch (8 bytes), clock (8), numbers of transactions in doubt and open (varints),
 * trouble (its length, UTF-8).
 *
 * @param inDoubt transactions that are prepared there and not decided
 * @param open transactions that it coordinates
 * @param trouble why it does not serve; empty if it does
 */
record NodeStatus(long bootEpoch, long clock, int inDoubt, int open, String trouble) {

  private static final int FORMAT = 1;
  private static final int TROUBLE_BYTES_MAX = 64 << 10;

  byte[] encode() {
    return new ByteWriter(32).u8(FORMAT).i64(bootEpoch).i64(clock).varint(inDoubt).varint(open)
        .bytes(trouble.getBytes(StandardCharsets.UTF_8)).toByteArray();
  }

  static NodeStatus decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    NodeStatus status = new NodeStatus(
        in.i64(), in.i64(), in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE),
        new String(in.bytes(TROUBLE_BYTES_MAX), StandardCharsets.UTF_8));
    in.expectEnd();
    return status;
  }
}
