package org.treatydb.kv.boundary;

/** Unpredictable bytes. In production a cryptographic generator seeded by the processor or kernel. Thread-safe. */
public interface Entropy {

  /** {@code length} fresh random bytes. */
  byte[] bytes(int length);
}
