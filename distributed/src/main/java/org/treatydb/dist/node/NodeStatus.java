package org.treatydb.dist.node;

import java.nio.charset.StandardCharsets;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * How one node is. On the wire, format 3: format, boot epoch (8 bytes), clock (8), numbers of transactions in doubt and open and of
 * unconfirmed records (varints), moves and trouble (each its length, UTF-8).
 *
 * @param inDoubt transactions that are prepared there and not decided
 * @param open transactions that it coordinates
 * @param unconfirmed records in its logs that the trusted counter has not confirmed
 * @param moves what it is giving away; empty if nothing
 * @param trouble why it does not serve; empty if it does
 */
record NodeStatus(long bootEpoch, long clock, int inDoubt, int open, long unconfirmed, String moves, String trouble) {

  private static final int FORMAT = 3;
  private static final int TEXT_BYTES_MAX = 64 << 10;

  byte[] encode() {
    return new ByteWriter(32).u8(FORMAT).i64(bootEpoch).i64(clock).varint(inDoubt).varint(open).varint(unconfirmed)
        .bytes(moves.getBytes(StandardCharsets.UTF_8)).bytes(trouble.getBytes(StandardCharsets.UTF_8)).toByteArray();
  }

  static NodeStatus decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    NodeStatus status = new NodeStatus(
        in.i64(), in.i64(), in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE),
        in.varint(), text(in), text(in));
    in.expectEnd();
    return status;
  }

  private static String text(ByteReader in) {
    return new String(in.bytes(TEXT_BYTES_MAX), StandardCharsets.UTF_8);
  }
}
