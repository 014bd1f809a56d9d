package org.treatydb.sql.type;

import java.util.Arrays;

/**
 * Character and binary strings in keys: a run of bytes in which {@code 00} is written {@code 01 01} and {@code 01} is written
 * {@code 01 02}, ended by {@code 00}. The end sorts below everything a longer string can go on with.
 *
 * <p>A character string's bytes are those of its UTF-16 code units, each by itself: below 80 as one byte, below 800 as two, the rest as
 * three, in the manner of UTF-8. Surrogates stay apart (UTF-8 would join a pair, and sort it above all other units), so bytes sort as
 * units do.
 */
final class StringKey {

  private static final int END = 0x00;
  private static final int ESCAPE = 0x01;

  private StringKey() {}

  static void put(ByteSink out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit <= ESCAPE) {
        out.put(ESCAPE);
        out.put(unit + 1);
      } else if (unit < 0x80) {
        out.put(unit);
      } else if (unit < 0x800) {
        out.put(0xc0 | unit >>> 6);
        out.put(0x80 | unit & 0x3f);
      } else {
        out.put(0xe0 | unit >>> 12);
        out.put(0x80 | unit >>> 6 & 0x3f);
        out.put(0x80 | unit & 0x3f);
      }
    }
    out.put(END);
  }

  static void put(ByteSink out, byte[] bytes) {
    for (byte b : bytes) {
      if ((b & 0xff) <= ESCAPE) {
        out.put(ESCAPE);
        out.put(b + 1);
      } else {
        out.put(b);
      }
    }
    out.put(END);
  }

  static String nextText(ByteSource in) {
    StringBuilder text = new StringBuilder();
    for (int b = in.next(); b != END; b = in.next()) {
      if (b == ESCAPE) {
        text.append((char) unescaped(in));
      } else if (b < 0x80) {
        text.append((char) b);
      } else if (b >= 0xc2 && b < 0xe0) {
        text.append((char) ((b & 0x1f) << 6 | continuation(in)));
      } else if (b >= 0xe0 && b < 0xf0) {
        int unit = (b & 0xf) << 12 | continuation(in) << 6 | continuation(in);
        if (unit < 0x800) {
          throw malformed(in);
        }
        text.append((char) unit);
      } else {
        throw malformed(in);
      }
    }
    return text.toString();
  }

  static byte[] nextBytes(ByteSource in) {
    byte[] bytes = new byte[16];
    int size = 0;
    for (int b = in.next(); b != END; b = in.next()) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, size * 2);
      }
      bytes[size++] = (byte) (b == ESCAPE ? unescaped(in) : b);
    }
    return Arrays.copyOf(bytes, size);
  }

  private static int unescaped(ByteSource in) {
    int b = in.next() - 1;
    if (b < 0 || b > ESCAPE) {
      throw malformed(in);
    }
    return b;
  }

  private static int continuation(ByteSource in) {
    int b = in.next();
    if ((b & 0xc0) != 0x80) {
      throw malformed(in);
    }
    return b & 0x3f;
  }

  private static MalformedEncodingException malformed(ByteSource in) {
    return new MalformedEncodingException("no string byte before byte " + in.position());
  }
}
