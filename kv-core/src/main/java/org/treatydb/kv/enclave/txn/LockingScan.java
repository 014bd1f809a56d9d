package org.treatydb.kv.enclave.txn;

import java.util.Arrays;
import java.util.function.Consumer;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.store.StoreCursor;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * A scan that locks its range as it comes to it, in pieces: one of few rows, one of more, then all the rest; so that who wants a few
 * rows of many locks few, and who wants all takes few locks. Where a piece ends is found by peeking ahead, without locks; what it holds
 * is read only when it is locked. Not thread-safe.
 */
final class LockingScan implements EntryCursor, AutoCloseable {

  /** Rows of the first pieces, as found when peeking. */
  private static final int[] PIECE_ROWS = {16, 256};

  private final VersionStore store;
  private final Consumer<KeyRange> lock;
  private final boolean reverse;
  private KeyRange unlocked;
  private int pieces;
  private StoreCursor piece;

  /** {@code lock}: locks a range for the transaction, or throws. */
  LockingScan(VersionStore store, KeyRange range, boolean reverse, Consumer<KeyRange> lock) {
    this.store = store;
    this.unlocked = range;
    this.reverse = reverse;
    this.lock = lock;
  }

  @Override
  public boolean next() {
    while (piece == null || !piece.next()) {
      close();
      if (unlocked.isEmpty()) {
        return false;
      }
      KeyRange next = nextPiece();
      lock.accept(next);
      store.awaitStable(next);
      piece = store.scan(next, VersionStore.NEWEST, reverse);
      unlocked = behind(next);
    }
    return true;
  }

  private KeyRange nextPiece() {
    if (pieces == PIECE_ROWS.length) {
      return unlocked;
    }
    int rows = PIECE_ROWS[pieces++];
    try (StoreCursor ahead = store.scan(unlocked, VersionStore.NEWEST, reverse)) {
      for (int i = 0; i < rows; i++) {
        if (!ahead.next()) {
          return unlocked;
        }
      }
      byte[] last = ahead.key();
      return reverse ? new KeyRange(last, unlocked.end()) : new KeyRange(unlocked.start(), Arrays.copyOf(last, last.length + 1));
    }
  }

  private KeyRange behind(KeyRange locked) {
    if (reverse) {
      return new KeyRange(unlocked.start(), locked.start());
    }
    return locked.end() == null ? new KeyRange(locked.start(), locked.start()) : new KeyRange(locked.end(), unlocked.end());
  }

  @Override
  public byte[] key() {
    return piece.key();
  }

  @Override
  public long timestamp() {
    return piece.timestamp();
  }

  @Override
  public boolean isTombstone() {
    return false;
  }

  @Override
  public byte[] value() {
    return piece.value();
  }

  /** Gives back what is being read. The locks stay. */
  @Override
  public void close() {
    if (piece != null) {
      piece.close();
      piece = null;
    }
  }
}
