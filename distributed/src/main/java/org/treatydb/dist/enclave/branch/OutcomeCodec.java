package org.treatydb.dist.enclave.branch;

import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** An outcome on the wire, format 1: format, kind, and of a commit the timestamp (8 bytes). */
public final class OutcomeCodec {

  private static final int FORMAT = 1;
  private static final int UNDECIDED = 1;
  private static final int COMMITTED = 2;
  private static final int ABORTED = 3;

  private OutcomeCodec() {}

  public static byte[] encode(Outcome outcome) {
    ByteWriter out = new ByteWriter(16).u8(FORMAT);
    switch (outcome) {
      case Outcome.Undecided _ -> out.u8(UNDECIDED);
      case Outcome.Committed committed -> out.u8(COMMITTED).i64(committed.timestamp());
      case Outcome.Aborted _ -> out.u8(ABORTED);
    }
    return out.toByteArray();
  }

  /**
   * Reads an outcome.
   *
   * @throws MalformedBytesException if there is none
   */
  public static Outcome decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    Outcome outcome = switch (in.u8()) {
      case UNDECIDED -> new Outcome.Undecided();
      case COMMITTED -> new Outcome.Committed(in.i64());
      case ABORTED -> new Outcome.Aborted();
      default -> throw new MalformedBytesException("unknown kind of outcome");
    };
    in.expectEnd();
    return outcome;
  }
}
