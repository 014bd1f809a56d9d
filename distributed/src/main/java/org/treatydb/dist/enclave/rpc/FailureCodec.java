package org.treatydb.dist.enclave.rpc;

import java.nio.charset.StandardCharsets;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * A failure on the wire: its class (1 byte), the name of its code, and its message, both with their lengths before them. Where it came
 * from does not travel.
 */
public final class FailureCodec {

  private static final int CODE_BYTES_MAX = 64;
  private static final int MESSAGE_BYTES_MAX = 16 << 10;

  private static final int RETRYABLE = 1;
  private static final int UNKNOWN_OUTCOME = 2;
  private static final int INTEGRITY_VIOLATION = 3;
  private static final int INVALID_REQUEST = 4;
  private static final int CLOSED = 5;
  private static final int UNAVAILABLE = 6;

  private FailureCodec() {}

  public static void encode(KvException failure, ByteWriter out) {
    int kind = switch (failure) {
      case KvException.Retryable _ -> RETRYABLE;
      case KvException.UnknownOutcome _ -> UNKNOWN_OUTCOME;
      case KvException.IntegrityViolation _ -> INTEGRITY_VIOLATION;
      case KvException.InvalidRequest _ -> INVALID_REQUEST;
      case KvException.Closed _ -> CLOSED;
      case KvException.Unavailable _ -> UNAVAILABLE;
    };
    String text = failure instanceof KvException.IntegrityViolation violation ? violation.finding() : failure.getMessage();
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    out.u8(kind).bytes(failure.code().name().getBytes(StandardCharsets.US_ASCII));
    int length = Math.min(message.length, MESSAGE_BYTES_MAX);
    out.varint(length).raw(message, 0, length);
  }

  /**
   * Reads a failure.
   *
   * @throws MalformedBytesException if there is none
   */
  public static KvException decode(ByteReader in) {
    int kind = in.u8();
    ErrorCode code = code(new String(in.bytes(CODE_BYTES_MAX), StandardCharsets.US_ASCII));
    String message = new String(in.bytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8);
    return switch (kind) {
      case RETRYABLE -> new KvException.Retryable(code, message);
      case UNKNOWN_OUTCOME -> new KvException.UnknownOutcome(message, null);
      case INTEGRITY_VIOLATION -> new KvException.IntegrityViolation(code, message, null);
      case INVALID_REQUEST -> new KvException.InvalidRequest(code, message);
      case CLOSED -> new KvException.Closed(code, message);
      case UNAVAILABLE -> new KvException.Unavailable(code, message, null);
      default -> throw new MalformedBytesException("unknown kind of failure");
    };
  }

  private static ErrorCode code(String name) {
    try {
      return ErrorCode.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException("unknown error code");
    }
  }
}
