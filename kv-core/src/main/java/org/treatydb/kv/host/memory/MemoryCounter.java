package org.treatydb.kv.host.memory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
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
      state = new State(store, 0, Map.of());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long bindEpoch(long present) {
    lock.lock();
    try {
      requireEpoch(present);
      state = new State(state.store(), present + 1, state.heads());
      return present + 1;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    lock.lock();
    try {
      requireEpoch(bootEpoch);
      Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
      heads.putAll(state.heads());
      heads.put(log, head);
      state = new State(state.store(), bootEpoch, heads);
    } finally {
      lock.unlock();
    }
  }

  private void requireEpoch(long epoch) {
    if (state == null || state.bootEpoch() != epoch) {
      throw new KvException.IntegrityViolation(
          ErrorCode.FENCED, "another boot of this store has taken over: this one is of epoch " + epoch, null);
    }
  }

  @Override
  public void close() {
    // Nothing to give back.
  }
}
