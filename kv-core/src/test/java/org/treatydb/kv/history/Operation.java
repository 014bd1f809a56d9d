package org.treatydb.kv.history;

import java.util.Arrays;

/**
 * One step of a transaction. A key holds a list, which is read whole by {@link Read}, or a set, which is read whole by {@link Scan}; never
 * both. No value is ever appended to one key twice, so a value names the transaction that wrote it.
 */
public sealed interface Operation {

  int key();

  /** Adds {@code value} at the list's end, or to the set. */
  record Append(int key, int value) implements Operation {
    @Override
    public String toString() {
      return "append " + value + " to " + key;
    }
  }

  /** Read a list: {@code values} in their order. */
  record Read(int key, int... values) implements Operation {
    @Override
    public String toString() {
      return "read " + key + " = " + Arrays.toString(values);
    }
  }

  /** Read a set; the order of {@code values} means nothing. */
  record Scan(int key, int... values) implements Operation {
    @Override
    public String toString() {
      return "scan " + key + " = " + Arrays.toString(values);
    }
  }
}
