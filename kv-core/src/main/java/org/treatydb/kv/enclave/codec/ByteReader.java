package org.treatydb.kv.enclave.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Never reads outside its bounds: throws {@link MalformedBytesException} instead.
 * Not thread-safe.
 */
public final class ByteReader {

  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public ByteReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  private int take(int length) {
    if (length < 0 || length > end - position) {
      throw new MalformedBytesException(length + " bytes wanted, " + (end - position) + " left");
    }
    int at = position;
    position += length;
    return at;
  }

  public int u8() {
    return bytes[take(1)] & 0xff;
  }

  public int i32() {
    return (int) INT.get(bytes, take(Integer.BYTES));
  }

  public long i64() {
    return (long) LONG.get(bytes, take(Long.BYTES));
  }

  /** A variable-length integer, in the one form that {@link ByteWriter} gives it. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (shift > 0 && next == 0 || shift == 63 && next > 1) {
          throw new MalformedBytesException("a variable-length integer that is not written in the only way it can be");
        }
        return value;
      }
    }
    throw new MalformedBytesException("a variable-length integer of more than 10 bytes");
  }

  /** A varint that must lie between 0 and {@code max}: a count or a length. */
  public int varint(int max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw new MalformedBytesException(value + " where at most " + max + " is allowed");
    }
    return (int) value;
  }

  public byte[] raw(int length) {
    int at = take(length);
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  /** A length of at most {@code lengthMax} as a varint, then that many bytes. */
  public byte[] bytes(int lengthMax) {
    return raw(varint(lengthMax));
  }

  public void skip(int length) {
    take(length);
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  /** Checks a format's version byte. */
  public void version(int expected) {
    int found = u8();
    if (found != expected) {
      throw new MalformedBytesException("format version " + found + ", this build reads " + expected);
    }
  }

  public void expectEnd() {
    if (position != end) {
      throw new MalformedBytesException((end - position) + " bytes too many");
    }
  }
}
