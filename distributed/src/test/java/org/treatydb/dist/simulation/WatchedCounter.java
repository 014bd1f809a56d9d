package org.treatydb.dist.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A node's counter, of which is checked what must hold over all boots of the node and all its copies. */
final class WatchedCounter implements TrustedCounter {

  /** What was ever confirmed for one node. */
  static final class Confirmed {
    private final Map<LogName, LogHead> newest = new EnumMap<>(LogName.class);
    /** What a boot had read when it bound its epoch. */
    private final Map<Long, Map<LogName, LogHead>> readAt = new HashMap<>();
    private long changes;

    /** How often something was bound or confirmed. */
    long changes() {
      return changes;
    }

    /** The newest epoch bound. */
    long epoch() {
      return readAt.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** The newest record of a log. */
    long counter(LogName log) {
      return newest.containsKey(log) ? newest.get(log).counter() : 0;
    }
  }

  private final TrustedCounter counter;
  private final Confirmed confirmed;
  private final Scheduler scheduler;
  private Map<LogName, LogHead> read = Map.of();

  WatchedCounter(TrustedCounter counter, Confirmed confirmed, Scheduler scheduler) {
    this.counter = counter;
    this.confirmed = confirmed;
    this.scheduler = scheduler;
  }

  @Override
  public Optional<State> read() {
    Map<LogName, LogHead> before = new EnumMap<>(confirmed.newest);
    Optional<State> state = counter.read();
    before.forEach((log, head) -> {
      LogHead now = state.map(each -> each.heads().get(log)).orElse(null);
      if (now == null || now.counter() < head.counter() || now.counter() == head.counter() && !now.equals(head)) {
        scheduler.violated("an accepted counter goes back: the " + log + " stood at " + head + ", a new boot reads " + now);
      }
    });
    read = state.map(State::heads).orElse(Map.of());
    return state;
  }

  @Override
  public void register(StoreId store) {
    counter.register(store);
  }

  @Override
  public long bindEpoch(long present) {
    long epoch = counter.bindEpoch(present);
    confirmed.changes++;
    if (confirmed.readAt.put(epoch, read) != null) {
      scheduler.violated("two boots have bound epoch " + epoch);
    }
    return epoch;
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    counter.confirm(bootEpoch, log, head);
    if (bootEpoch == confirmed.epoch()) {
      LogHead before = confirmed.newest.put(log, head);
      if (before != null && before.counter() >= head.counter()) {
        scheduler.violated("an accepted counter goes back: the " + log + " at " + before + ", then at " + head);
      }
    } else {
      // The process may have stopped before it learned of it, so this may be late; but then the newer boots know.
      confirmed.readAt.forEach((epoch, heads) -> {
        if (epoch > bootEpoch && (!heads.containsKey(log) || heads.get(log).counter() < head.counter())) {
          scheduler.violated("two copies of a node both go on: boot " + bootEpoch + " confirms the " + log + " at " + head + ", boot "
              + epoch + " had read it at " + heads.get(log));
        }
      });
      confirmed.newest.merge(log, head, (one, other) -> one.counter() < other.counter() ? other : one);
    }
    confirmed.changes++;
  }

  @Override
  public void close() {
    counter.close();
  }
}
