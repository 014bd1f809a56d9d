package org.treatydb.kv.api;

import java.util.List;

/**
 * One interactive transaction.
 *
 * <p>A pessimistic read-write transaction uses strict two-phase locking: reads lock shared, writes and {@code ForUpdate}
 * reads lock exclusively, scans lock the part of their range that they have come to (so no phantoms), all until the end.
 * An {@linkplain ConcurrencyControl#OPTIMISTIC optimistic} one reads the snapshot of its begin without locks; what it has
 * read, keys and ranges, is checked when it commits, {@code ForUpdate} or not. If it has read so much that single keys
 * are too many to keep, neighbours count as one range. A read-only transaction reads one snapshot and takes no locks.
 * Reads see the transaction's own writes.
 *
 * <p>Any method may throw {@link KvException.Retryable} (deadlock, lock timeout, and at the commit of an optimistic
 * transaction a conflict): the transaction has then been rolled back, and only {@link #rollback} and {@link #close}
 * remain allowed. Other exceptions about arguments ({@link KvException.InvalidRequest}) leave the transaction as it was.
 *
 * <p>A transaction that lasts or lies idle longer than it may, reads a snapshot too old, or is open when the store closes,
 * is ended and its locks released; the owner's next call then fails with {@link KvException.Closed}, whose code says why.
 * (A snapshot too old ends an optimistic transaction with {@link KvException.Retryable}.)
 *
 * <p>Not thread-safe: one thread at a time. Arrays passed in are copied where they are kept; arrays handed out are the
 * caller's own.
 */
public interface KvTransaction extends AutoCloseable {

  /** The transaction's id: never used before or after by any other, on any node, in any boot. */
  TransactionId id();

  /** The value of {@code key}, or null if there is none. */
  byte[] get(byte[] key);

  /**
   * As {@link #get}, but a pessimistic transaction locks exclusively: for a read that a write of the same key will follow.
   */
  byte[] getForUpdate(byte[] key);

  /** The values of {@code keys}, in the same order, null where there is none. */
  List<byte[]> multiGet(List<byte[]> keys);

  /**
   * The entries in {@code range}, with this transaction's writes as they are when this method is called: later ones do
   * not show in the cursor. A pessimistic transaction locks as the cursor goes, first a few entries, then more, then the
   * rest of the range, and reads what others have committed by then; the other kinds read their snapshot. The caller
   * closes the cursor; the end of the transaction closes it too.
   */
  KvCursor scan(KeyRange range, ScanOptions options);

  /** A forward scan without exclusive locks. */
  default KvCursor scan(KeyRange range) {
    return scan(range, ScanOptions.FORWARD);
  }

  /**
   * Sets {@code key} to {@code value}. The value may be empty but not null.
   *
   * @throws KvException.InvalidRequest if the transaction is read-only, or key, value, transaction, or all transactions
   *     together exceed their limits
   */
  void put(byte[] key, byte[] value);

  /** Removes {@code key}; no effect if there is none. */
  void delete(byte[] key);

  /** Marks the present state of the transaction's writes. */
  Savepoint savepoint();

  /**
   * Undoes the writes made since {@code savepoint}. The savepoint stays valid, those set after it do not. Locks are
   * kept. A cursor that was opened since still gives the writes as they were then: close it.
   *
   * @throws KvException.InvalidRequest if the savepoint is not one of this transaction, or no longer valid
   */
  void rollbackTo(Savepoint savepoint);

  /**
   * Forgets {@code savepoint} and those set after it, and what was kept to undo to them. The writes stay.
   *
   * @throws KvException.InvalidRequest if the savepoint is not one of this transaction, or no longer valid
   */
  void release(Savepoint savepoint);

  /**
   * Makes the writes durable, fresh and visible, all or none, and ends the transaction.
   *
   * @throws KvException.Retryable nothing was committed; run the transaction again
   * @throws KvException.UnknownOutcome the store failed before it could tell; the transaction may or may not be
   *     committed
   */
  void commit();

  /**
   * Undoes everything and ends the transaction. No effect if it has ended already, but that a transaction with {@linkplain
   * TransactionOptions#earlyReads early reads} waits until what it has read is stable.
   *
   * @throws KvException.Unavailable only of such a transaction: what it has read is not certain
   */
  void rollback();

  /**
   * Makes calls that read or write fail with {@link ErrorCode#CANCELLED}, the one that waits for a lock now included, or lets them work
   * again. The transaction stays as it was: it can go back to a savepoint, commit or roll back. Over several nodes, a call that waits for
   * another node goes on waiting. Any thread may call this, at any time.
   */
  void setCancelled(boolean cancelled);

  /** Rolls back if the transaction has not ended. */
  @Override
  void close();

  /** A mark in the writes of one transaction, made by {@link #savepoint()}. */
  interface Savepoint {}
}
