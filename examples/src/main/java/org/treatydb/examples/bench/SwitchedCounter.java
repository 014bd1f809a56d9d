package org.treatydb.examples.bench;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * A node's trusted counter, counted, that can be switched off, for measuring what stabilization costs: then it says at once that a head is
 * confirmed, and tells nobody. <b>Off, it guarantees none of what {@link TrustedCounter} says</b>: older files would pass for the newest,
 * and no majority knows a commit's timestamp. Thread-safe.
 */
final class SwitchedCounter implements TrustedCounter {

  private final TrustedCounter counter;
  private final Map<LogName, LongAdder> confirmations;
  private volatile boolean on;

  SwitchedCounter(TrustedCounter counter, Map<LogName, LongAdder> confirmations, boolean on) {
    this.counter = counter;
    this.confirmations = confirmations;
    this.on = on;
  }

  void switchOff() {
    on = false;
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
    return counter.bindEpoch(present);
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    if (on) {
      confirmations.get(log).increment();
      counter.confirm(bootEpoch, log, head);
    }
  }

  @Override
  public void close() {
    counter.close();
  }
}
