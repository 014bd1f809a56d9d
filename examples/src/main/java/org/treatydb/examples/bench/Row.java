package org.treatydb.examples.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** One entry of a benchmark's data: a key of 16 bytes, a value of 100, of which half compresses. */
record Row(byte[] key, byte[] value) {

  static final int KEY_BYTES = 16;
  static final int VALUE_BYTES = 100;
  static final int BYTES = KEY_BYTES + VALUE_BYTES;

  private static final byte[] TABLE = "key".getBytes(StandardCharsets.US_ASCII);
  private static final int RANDOM_BYTES = 50;

  /** Row number {@code i}; its value begins with {@code i}. */
  static Row of(long i, RandomGenerator random) {
    return new Row(key(i), value(i, random));
  }

  /** A value that begins with {@code number}; the next bytes are random, the rest are all the same. */
  static byte[] value(long number, RandomGenerator random) {
    ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES).putLong(number);
    while (value.position() < RANDOM_BYTES - Long.BYTES) {
      value.putLong(random.nextLong());
    }
    Arrays.fill(value.array(), value.position(), VALUE_BYTES, (byte) 'x');
    return value.array();
  }

  /** The number that {@code value} begins with. */
  static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  /** A copy of {@code value} that begins with another number. */
  static byte[] withNumber(byte[] value, long number) {
    byte[] changed = value.clone();
    ByteBuffer.wrap(changed).putLong(number);
    return changed;
  }

  /** The key of row number {@code i}. */
  static byte[] key(long i) {
    return key(TABLE, i);
  }

  /** The key of row number {@code i} of a table: its name, then digits. */
  static byte[] key(byte[] table, long i) {
    byte[] key = Arrays.copyOf(table, KEY_BYTES);
    long rest = i;
    for (int at = KEY_BYTES - 1; at >= table.length; at--) {
      key[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }
}
