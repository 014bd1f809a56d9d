package org.treatydb.sql.type;

import java.nio.charset.StandardCharsets;

/** Character strings in rows: UTF-8, where a lone surrogate has the three bytes its code point would have, so that nothing is lost. */
final class RowText {

  private RowText() {}

  /** How many bytes {@link #put} writes. */
  static int length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x800) {
        // A surrogate pair has four bytes, two for each of its units.
        boolean paired = Character.isSurrogate(unit) && isPaired(text, i);
        length += paired ? 1 : 2;
      } else if (unit >= 0x80) {
        length++;
      }
    }
    return length;
  }

  static void put(ByteSink out, String text) {
    int i = 0;
    while (i < text.length()) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point < 0x80) {
        out.put(point);
      } else if (point < 0x800) {
        out.put(0xc0 | point >>> 6);
        out.put(0x80 | point & 0x3f);
      } else if (point < 0x10000) {
        out.put(0xe0 | point >>> 12);
        out.put(0x80 | point >>> 6 & 0x3f);
        out.put(0x80 | point & 0x3f);
      } else {
        out.put(0xf0 | point >>> 18);
        out.put(0x80 | point >>> 12 & 0x3f);
        out.put(0x80 | point >>> 6 & 0x3f);
        out.put(0x80 | point & 0x3f);
      }
    }
  }

  static String get(byte[] bytes, int start, int length) {
    int end = start + length;
    for (int i = start; i < end; i++) {
      if (bytes[i] < 0) {
        return decoded(bytes, start, end);
      }
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private static String decoded(byte[] bytes, int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    int i = start;
    while (i < end) {
      int lead = bytes[i++] & 0xff;
      if (lead < 0x80) {
        text.append((char) lead);
        continue;
      }
      int more = lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
      if (more < 0 || more > end - i) {
        throw malformed(i);
      }
      int point = lead & 0x3f >>> more;
      for (int j = 0; j < more; j++) {
        int b = bytes[i++];
        if ((b & 0xc0) != 0x80) {
          throw malformed(i);
        }
        point = point << 6 | b & 0x3f;
      }
      if (more == 2 && point < 0x800 || more == 3 && (point < 0x10000 || point > Character.MAX_CODE_POINT)) {
        throw malformed(i);
      }
      text.appendCodePoint(point);
    }
    return text.toString();
  }

  private static boolean isPaired(String text, int i) {
    char unit = text.charAt(i);
    return Character.isHighSurrogate(unit)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static MalformedEncodingException malformed(int position) {
    return new MalformedEncodingException("no UTF-8 before byte " + position);
  }
}
