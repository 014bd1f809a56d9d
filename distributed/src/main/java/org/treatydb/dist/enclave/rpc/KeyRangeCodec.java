package org.treatydb.dist.enclave.rpc;

import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** A range of keys on the wire and in logs: the start with its length before it, the end with its length plus one, 0 for none. */
public final class KeyRangeCodec {

  /** The end of a range with just the longest key. */
  private static final int BOUND_BYTES_MAX = KvStore.KEY_BYTES_MAX + 1;

  private KeyRangeCodec() {}

  public static void encode(KeyRange range, ByteWriter out) {
    out.bytes(range.start());
    if (range.end() == null) {
      out.varint(0);
    } else {
      out.varint(range.end().length + 1L).raw(range.end());
    }
  }

  /**
   * Reads a range.
   *
   * @throws MalformedBytesException if there is none
   */
  public static KeyRange decode(ByteReader in) {
    byte[] start = in.bytes(BOUND_BYTES_MAX);
    int length = in.varint(BOUND_BYTES_MAX + 1);
    return new KeyRange(start, length == 0 ? null : in.raw(length - 1));
  }
}
