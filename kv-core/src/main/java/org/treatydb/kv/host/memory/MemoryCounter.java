package org.treatydb.kv.host.memory;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * A counter for a store that lives in memory: it can be rolled back as little as the memory it stands in. Thread-safe.
 */
public final class MemoryCounter implements TrustedCounter {

  private final ReentrantLock lock = new ReentrantLock();
  private State state;

  @Override
  public Optional<State> read() {
    lock.lock();
    try {
      return Optional.ofNullable(state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void register(StoreId store) {
    lock.lock();
    try {
      state = State.registered(Optional.ofNullable(state), store);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long bindEpoch(long present) {
    lock.lock();
    try {
      state = registered().bound(present);
      return state.bootEpoch();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    lock.lock();
    try {
      state = registered().confirmed(bootEpoch, log, head);
    } finally {
      lock.unlock();
    }
  }

  private State registered() {
    return Optional.ofNullable(state).orElseThrow(State::unregistered);
  }

  @Override
  public void close() {
    // Nothing to give back.
  }
}
