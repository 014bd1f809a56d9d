package org.treatydb.dist.simulation;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A node's counter, of which is checked what must hold over all boots of the node and all its copies. */
final class WatchedCounter implements TrustedCounter {

  /** What was ever confirmed for one node. */
  static final class Confirmed {
    private final Map<LogName, LogHead> newest = new EnumMap<>(LogName.class);
    private final Set<Long> epochs = new HashSet<>();
    private long changes;

    /** How often something was bound or confirmed. */
    long changes() {
      return changes;
    }
  }

  private final TrustedCounter counter;
  private final Confirmed confirmed;
  private final Scheduler scheduler;

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
    if (!confirmed.epochs.add(epoch)) {
      scheduler.violated("two boots have bound epoch " + epoch);
    }
    return epoch;
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    counter.confirm(bootEpoch, log, head);
    LogHead before = confirmed.newest.get(log);
    if (before != null && before.counter() >= head.counter()) {
      scheduler.violated("an accepted counter goes back: the " + log + " at " + before + ", then at " + head);
    }
    confirmed.newest.put(log, head);
    confirmed.changes++;
  }

  @Override
  public void close() {
    counter.close();
  }
}
