package org.treatydb.kv.boundary;

import java.util.Map;
import java.util.Optional;

/**
 * Remembers, where the adversary of the disk cannot reach, how far the logs of one store have come (TREATY, section
 * "stabilization"; ROTE).
 *
 * <p>Guarantees, of every implementation: a state once confirmed is never forgotten and never goes back; only the
 * holder of the newest boot epoch can confirm anything, so of two copies of one node at most one goes on. How far
 * "never" reaches is the implementation's to say: a file is as good as the place it lies in, a quorum as good as its
 * members.
 *
 * <p>Thread-safe. Methods block until the state is as durable as the implementation makes it.
 */
public interface TrustedCounter extends AutoCloseable {

  /**
   * What the counter knows of a store.
   *
   * @param bootEpoch the newest epoch bound; 0 before the first
   * @param heads the newest confirmed head of each log; a log that is absent has confirmed nothing
   */
  record State(StoreId store, long bootEpoch, Map<LogName, LogHead> heads) {

    public State {
      heads = Map.copyOf(heads);
    }

    /** Whether nothing was ever confirmed, so that nothing can have been promised to anyone. */
    public boolean isUnused() {
      return heads.values().stream().allMatch(head -> head.counter() == 0);
    }
  }

  /** The state; empty if no store was ever registered here. */
  Optional<State> read();

  /**
   * Registers a new store: epoch 0, nothing confirmed. Replaces a registration that
   * {@linkplain State#isUnused() was never used}.
   *
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if a store that is in use is registered
   */
  void register(StoreId store);

  /**
   * Binds the next boot epoch and returns it; whoever holds an older one can confirm nothing any more.
   *
   * @param present the epoch that {@link #read} gave
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation if another boot has bound an epoch since
   */
  long bindEpoch(long present);

  /**
   * Confirms that {@code log} has come to {@code head}. When this returns the head is stable.
   *
   * @throws org.treatydb.kv.api.KvException.IntegrityViolation with code FENCED if a newer epoch was bound, or the head
   *     is not newer
   */
  void confirm(long bootEpoch, LogName log, LogHead head);

  @Override
  void close();
}
