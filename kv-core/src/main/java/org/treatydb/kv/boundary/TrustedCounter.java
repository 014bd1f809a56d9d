package org.treatydb.kv.boundary;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

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
   * What the counter knows of a store, and what it may come to know: the rules that every implementation keeps are here.
   * Whatever breaks one throws as the counter's methods do.
   *
   * @param bootEpoch the newest epoch bound; 0 before the first
   * @param heads the newest confirmed head of each log; a log that is absent has confirmed nothing
   */
  record State(StoreId store, long bootEpoch, Map<LogName, LogHead> heads) {

    public State {
      // In the order of the logs, so that what is said of it is the same in every process.
      heads = heads.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(heads));
    }

    /**
     * The state after {@link TrustedCounter#register}.
     *
     * @param before the state so far, if a store is registered
     */
    public static State registered(Optional<State> before, StoreId store) {
      if (before.isPresent() && !before.get().isUnused()) {
        throw new KvException.IntegrityViolation(
            ErrorCode.ROLLBACK_DETECTED, "the trusted counter remembers store " + before.get().store + " here, which is gone", null);
      }
      return new State(store, 0, Map.of());
    }

    /** The state after {@link TrustedCounter#bindEpoch}. */
    public State bound(long present) {
      requireEpoch(present);
      return new State(store, Math.addExact(present, 1), heads);
    }

    /** The state after {@link TrustedCounter#confirm}. */
    public State confirmed(long epoch, LogName log, LogHead head) {
      requireEpoch(epoch);
      LogHead before = heads.get(log);
      if (before != null && before.counter() >= head.counter()) {
        throw new KvException.IntegrityViolation(
            ErrorCode.FENCED,
            "the trusted counter of the " + log + " stands at " + before.counter() + ", not below " + head.counter(), null);
      }
      Map<LogName, LogHead> next = new EnumMap<>(LogName.class);
      next.putAll(heads);
      next.put(log, head);
      return new State(store, bootEpoch, next);
    }

    private void requireEpoch(long epoch) {
      if (bootEpoch != epoch) {
        throw new KvException.IntegrityViolation(
            ErrorCode.FENCED, "another boot of this store has taken over: this one is of epoch " + epoch, null);
      }
    }

    /** What {@link TrustedCounter#bindEpoch} and {@link TrustedCounter#confirm} throw where no store is registered. */
    public static KvException unregistered() {
      return new KvException.IntegrityViolation(ErrorCode.FENCED, "the trusted counter remembers no store", null);
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
   * @throws KvException.IntegrityViolation if a store that is in use is registered
   */
  void register(StoreId store);

  /**
   * Binds the next boot epoch and returns it; whoever holds an older one can confirm nothing any more.
   *
   * @param present the epoch that {@link #read} gave
   * @throws KvException.IntegrityViolation if another boot has bound an epoch since
   */
  long bindEpoch(long present);

  /**
   * Confirms that {@code log} has come to {@code head}. When this returns the head is stable.
   *
   * @throws KvException.IntegrityViolation with code FENCED if a newer epoch was bound, or the head
   *     is not newer
   */
  void confirm(long bootEpoch, LogName log, LogHead head);

  @Override
  void close();
}
