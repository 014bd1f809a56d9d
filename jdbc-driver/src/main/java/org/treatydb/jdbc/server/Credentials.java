package org.treatydb.jdbc.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A name and a password, as HTTP sends them (RFC 7617, UTF-8). Never printed. */
record Credentials(String user, byte[] password) {

  private static final String SCHEME = "Basic ";
  private static final int HEADER_CHARACTERS_MAX = 4_096;

  /** What an Authorization header says; null if it is none of these. */
  static Credentials parse(String header) {
    if (header == null || header.length() > HEADER_CHARACTERS_MAX || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = 0;
    while (colon < decoded.length && decoded[colon] != ':') {
      colon++;
    }
    return colon == decoded.length ? null
        : new Credentials(new String(decoded, 0, colon, StandardCharsets.UTF_8), Arrays.copyOfRange(decoded, colon + 1, decoded.length));
  }

  @Override
  public String toString() {
    return "credentials";
  }
}
