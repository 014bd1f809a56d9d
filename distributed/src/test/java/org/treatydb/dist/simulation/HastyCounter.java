package org.treatydb.dist.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** Says that a log's head is confirmed, and has it confirmed some time later: a control. */
final class HastyCounter implements TrustedCounter {

  private static final long PAUSE_NANOS = 20_000_000;

  private final TrustedCounter counter;
  private final Scheduler scheduler;
  private final SimulatedProcess process;
  private final Map<LogName, LogHead> waiting = new EnumMap<>(LogName.class);

  HastyCounter(TrustedCounter counter, Scheduler scheduler, SimulatedProcess process) {
    this.counter = counter;
    this.scheduler = scheduler;
    this.process = process;
  }

  private void confirmNowAndThen(long epoch) {
    try {
      while (true) {
        scheduler.sleep(PAUSE_NANOS);
        Map<LogName, LogHead> heads = new EnumMap<>(waiting);
        waiting.clear();
        heads.forEach((log, head) -> counter.confirm(epoch, log, head));
      }
    } catch (KvException e) {
      process.kill();
    }
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
    process.start(() -> confirmNowAndThen(epoch));
    return epoch;
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    waiting.put(log, head);
  }

  @Override
  public void close() {
    counter.close();
  }
}
