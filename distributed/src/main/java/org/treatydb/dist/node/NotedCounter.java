package org.treatydb.dist.node;

import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A node's counter that remembers whether an epoch was bound. Thread-safe. */
final class NotedCounter implements TrustedCounter {

  private final TrustedCounter counter;
  private volatile boolean bound;

  NotedCounter(TrustedCounter counter) {
    this.counter = counter;
  }

  boolean hasBound() {
    return bound;
  }

  @Override
  public Optional<State> read() {
    return counter.read();
  }

  @Override
  public void register(StoreId store) {
    counter.register(store);
  }

  @Override
  public long bindEpoch(long present) {
    long epoch = counter.bindEpoch(present);
    bound = true;
    return epoch;
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    counter.confirm(bootEpoch, log, head);
  }

  @Override
  public void close() {
    counter.close();
  }
}
