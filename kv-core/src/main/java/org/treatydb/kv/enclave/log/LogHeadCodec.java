package org.treatydb.kv.enclave.log;

import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** A log's head as part of other formats: counter (8 bytes), digest (32). */
public final class LogHeadCodec {

  private LogHeadCodec() {}

  public static void encode(LogHead head, ByteWriter out) {
    out.i64(head.counter()).raw(head.digest());
  }

  public static LogHead decode(ByteReader in) {
    long counter = in.i64();
    byte[] digest = in.raw(LogHead.DIGEST_BYTES);
    if (counter < 0) {
      throw new MalformedBytesException("a negative counter");
    }
    return new LogHead(counter, digest);
  }
}
