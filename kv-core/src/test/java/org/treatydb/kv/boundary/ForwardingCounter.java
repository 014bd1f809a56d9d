package org.treatydb.kv.boundary;

import java.util.Optional;

/** A counter that does what another does, for tests to change one thing of it. */
public abstract class ForwardingCounter implements TrustedCounter {

  private final TrustedCounter counter;

  protected ForwardingCounter(TrustedCounter counter) {
    this.counter = counter;
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
  public int tailBytesMax() {
    return counter.tailBytesMax();
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    confirm(bootEpoch, log, head, LogTail.NONE);
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
    counter.confirm(bootEpoch, log, head, tail);
  }

  @Override
  public void forgetTail(long bootEpoch, LogName log) {
    counter.forgetTail(bootEpoch, log);
  }

  @Override
  public void close() {
    counter.close();
  }
}
