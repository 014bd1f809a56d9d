package org.treatydb.dist.node;

import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/** This node's clock: its store's, once that is open; what is merged before, the store takes over. Thread-safe. */
public final class LocalClock implements NodeClock {

  private final AtomicLong before = new AtomicLong();
  private volatile ParticipantStore store;

  /** The store is open. */
  void setStore(ParticipantStore opened) {
    opened.mergeClock(before.get());
    store = opened;
    opened.mergeClock(before.get());
  }

  /**
   * This clock for those who promise others to keep what they merge: not before the store is open, which alone keeps it over a restart.
   * Then what is above zero is refused, with {@link KvException.Retryable}.
   */
  public NodeClock promising() {
    return new NodeClock() {
      @Override
      public long now() {
        return LocalClock.this.now();
      }

      @Override
      public void merge(long timestamp) {
        if (timestamp > 0 && store == null) {
          throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "this node is starting, and cannot keep others' clocks yet");
        }
        LocalClock.this.merge(timestamp);
      }
    };
  }

  @Override
  public long now() {
    ParticipantStore opened = store;
    return opened == null ? before.get() : opened.clock();
  }

  @Override
  public void merge(long timestamp) {
    before.accumulateAndGet(timestamp, Math::max);
    ParticipantStore opened = store;
    if (opened != null) {
      opened.mergeClock(timestamp);
    }
  }
}
