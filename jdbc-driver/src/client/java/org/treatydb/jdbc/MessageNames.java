package org.treatydb.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.calcite.avatica.proto.Requests;

/**
 * The names of messages on the wire. Avatica names a message by its class, which is another one in the jar where the client's libraries
 * have names of our own; servers know the original names. A message begins with its name: tag, length in one byte, characters.
 */
final class MessageNames {

  /** In two pieces, so that whoever renames packages in class files does not find it. */
  private static final String ON_THE_WIRE = String.join(".", "org", "apache", "calcite", "avatica", "proto");
  private static final String HERE = Requests.class.getPackage().getName();

  private static final int NAME_TAG = 0x0A;
  private static final int HEADER_BYTES = 2;

  private MessageNames() {}

  /** A message of this process as servers know it. */
  static byte[] toWire(byte[] message) {
    return HERE.equals(ON_THE_WIRE) ? message : renamed(message, HERE, ON_THE_WIRE);
  }

  /** A server's message as this process knows it. */
  static byte[] fromWire(byte[] message) {
    return HERE.equals(ON_THE_WIRE) ? message : renamed(message, ON_THE_WIRE, HERE);
  }

  /** The message with another package before its name; the message itself if it does not begin with a name in {@code from}. */
  static byte[] renamed(byte[] message, String from, String to) {
    if (message.length < HEADER_BYTES || message[0] != NAME_TAG) {
      return message;
    }
    int length = message[1];
    if (length < 0 || message.length < HEADER_BYTES + length) {
      return message;
    }
    String name = new String(message, HEADER_BYTES, length, StandardCharsets.US_ASCII);
    if (!name.startsWith(from + ".")) {
      return message;
    }
    byte[] other = (to + name.substring(from.length())).getBytes(StandardCharsets.US_ASCII);
    int rest = message.length - HEADER_BYTES - length;
    byte[] result = Arrays.copyOf(new byte[] {NAME_TAG, (byte) other.length}, HEADER_BYTES + other.length + rest);
    System.arraycopy(other, 0, result, HEADER_BYTES, other.length);
    System.arraycopy(message, HEADER_BYTES + length, result, HEADER_BYTES + other.length, rest);
    return result;
  }
}
