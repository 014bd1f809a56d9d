package org.treatydb.kv.api;

import java.util.Objects;

/** A key and its value. The arrays are not copied and must not change. */
public record KeyValue(byte[] key, byte[] value) {

  public KeyValue {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }
}
