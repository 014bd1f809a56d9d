package org.treatydb.kv.workload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys are a word and numbers, in whose order they sort; values are numbers. */
final class Keys {

  private Keys() {}

  static byte[] of(String word, int... numbers) {
    byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(letters.length + 1 + Integer.BYTES * numbers.length).put(letters).put((byte) '/');
    for (int number : numbers) {
      key.putInt(number);
    }
    return key.array();
  }

  static int lastNumber(byte[] key) {
    return ByteBuffer.wrap(key).getInt(key.length - Integer.BYTES);
  }

  static byte[] value(int... numbers) {
    ByteBuffer value = ByteBuffer.allocate(Integer.BYTES * numbers.length);
    value.asIntBuffer().put(numbers);
    return value.array();
  }

  static int number(byte[] value) {
    return number(value, 0);
  }

  static int number(byte[] value, int position) {
    return ByteBuffer.wrap(value).getInt(Integer.BYTES * position);
  }
}
