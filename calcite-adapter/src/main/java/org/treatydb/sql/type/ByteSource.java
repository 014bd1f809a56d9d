package org.treatydb.sql.type;

/** Reads what a {@link ByteSink} wrote, and throws {@link MalformedEncodingException} instead of reading past the end. Not thread-safe. */
final class ByteSource {

  private final byte[] bytes;
  private int position;
  private int mask;

  ByteSource(byte[] bytes, int position) {
    if (position < 0 || position > bytes.length) {
      throw new MalformedEncodingException(bytes.length + " bytes, shorter than the prefix of " + position);
    }
    this.bytes = bytes;
    this.position = position;
  }

  /** Whether the bytes read from now on were complemented when written. */
  void complemented(boolean complemented) {
    mask = complemented ? 0xff : 0;
  }

  boolean hasMore() {
    return position < bytes.length;
  }

  int position() {
    return position;
  }

  /** The next byte, 0 to 255. */
  int next() {
    if (position >= bytes.length) {
      throw new MalformedEncodingException("cut off after " + bytes.length + " bytes");
    }
    return (bytes[position++] ^ mask) & 0xff;
  }

  /** A big-endian number of {@code width} bytes, not sign-extended. */
  long big(int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  /** Unsigned LEB128. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int b = next();
      if (shift == 63 && b > 1) {
        break;
      }
      value |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new MalformedEncodingException("a number of more than 64 bits before byte " + position);
  }

  /** A length, which cannot be more than what is left to read. */
  int length() {
    long length = varint();
    if (length < 0 || length > bytes.length - position) {
      throw new MalformedEncodingException("a length beyond the end at byte " + position);
    }
    return (int) length;
  }

  /** The array behind this source, for decoders that read a run of bytes in place; {@link #skip} then passes it. */
  byte[] array() {
    return bytes;
  }

  void skip(int count) {
    if (count > bytes.length - position) {
      throw new MalformedEncodingException("cut off after " + bytes.length + " bytes");
    }
    position += count;
  }
}
