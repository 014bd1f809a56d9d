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
   * @param tails what the counter keeps of the end of a log; nothing of a log that is absent
   */
  record State(StoreId store, long bootEpoch, Map<LogName, LogHead> heads, Map<LogName, LogTail> tails) {

    public State {
      // In the order of the logs, so that what is said of it is the same in every process.
      heads = ordered(heads);
      tails = ordered(tails);
    }

    /** The state of a counter that keeps no tails. */
    public State(StoreId store, long bootEpoch, Map<LogName, LogHead> heads) {
      this(store, bootEpoch, heads, Map.of());
    }

    private static <V> Map<LogName, V> ordered(Map<LogName, V> map) {
      return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(map));
    }

    /** What is kept of the end of {@code log}. */
    public LogTail tail(LogName log) {
      return tails.getOrDefault(log, LogTail.NONE);
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
      return new State(store, Math.addExact(present, 1), heads, tails);
    }

    /** The state after {@link TrustedCounter#confirm(long, LogName, LogHead)}. */
    public State confirmed(long epoch, LogName log, LogHead head) {
      return confirmed(epoch, log, head, LogTail.NONE);
    }

    /** The state after {@link TrustedCounter#confirm(long, LogName, LogHead, LogTail)}. */
    public State confirmed(long epoch, LogName log, LogHead head, LogTail tail) {
      requireEpoch(epoch);
      LogHead before = heads.get(log);
      if (before != null && before.counter() >= head.counter()) {
        throw new KvException.IntegrityViolation(
            ErrorCode.FENCED,
            "the trusted counter of the " + log + " stands at " + before.counter() + ", not below " + head.counter(), null);
      }
      Map<LogName, LogHead> nextHeads = new EnumMap<>(LogName.class);
      nextHeads.putAll(heads);
      nextHeads.put(log, head);
      Map<LogName, LogTail> nextTails = new EnumMap<>(LogName.class);
      nextTails.putAll(tails);
      if (tail.isEmpty()) {
        nextTails.remove(log);
      } else {
        nextTails.put(log, tail);
      }
      return new State(store, bootEpoch, nextHeads, nextTails);
    }

    /** The state after {@link TrustedCounter#forgetTail}. */
    public State withoutTail(long epoch, LogName log) {
      requireEpoch(epoch);
      Map<LogName, LogTail> next = new EnumMap<>(LogName.class);
      next.putAll(tails);
      next.remove(log);
      return new State(store, bootEpoch, heads, next);
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

  /**
   * How many bytes of the end of each log this counter keeps beside its head; 0 if it keeps none. What it keeps need not be
   * synced by the log before it is confirmed.
   */
  default int tailBytesMax() {
    return 0;
  }

  /**
   * Confirms as {@link #confirm(long, LogName, LogHead)} does, and keeps {@code tail} in place of what it kept of the log before:
   * both or neither, however this ends.
   *
   * @param tail the end of the log up to {@code head}, of {@link #tailBytesMax} bytes at most; empty if all of the log is synced
   */
  default void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
    if (!tail.isEmpty()) {
      throw new IllegalArgumentException("this counter keeps no tails of logs");
    }
    confirm(bootEpoch, log, head);
  }

  /** Forgets what it keeps of the end of {@code log}, all of which is synced. */
  default void forgetTail(long bootEpoch, LogName log) {
    if (tailBytesMax() > 0) {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  void close();
}
