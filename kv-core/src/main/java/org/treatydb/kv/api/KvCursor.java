package org.treatydb.kv.api;

/**
 * A walk over entries in key order. Starts before the first entry.
 *
 * <p>Not thread-safe. {@link #key} and {@link #value} return arrays the caller may keep.
 */
public interface KvCursor extends AutoCloseable {

  /**
   * Moves to the next entry; false when there is none.
   *
   * @throws KvException as {@link KvTransaction} says of its methods; a lock may be refused here
   */
  boolean next();

  /** The key of the present entry. */
  byte[] key();

  /** The value of the present entry. */
  byte[] value();

  @Override
  void close();
}
