package org.treatydb.sql.type;

import java.util.Arrays;

/** A growing byte array that the codecs write to. Numbers are big-endian. Not thread-safe. */
final class ByteSink {

  private static final int VARINT_MORE = 0x80;

  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void put(int b) {
    reserve(1);
    bytes[size++] = (byte) b;
  }

  void put(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  void putShort(int value) {
    put(value >>> 8);
    put(value);
  }

  void putInt(int value) {
    putShort(value >>> 16);
    putShort(value);
  }

  void putLong(long value) {
    putInt((int) (value >>> 32));
    putInt((int) value);
  }

  /** Unsigned LEB128: seven bits a byte, lowest first. */
  void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) rest & 0x7f | VARINT_MORE);
      rest >>>= 7;
    }
    put((int) rest);
  }

  /** Inverts every bit from {@code from} to the end. */
  void complement(int from) {
    for (int i = from; i < size; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
