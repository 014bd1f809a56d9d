package org.treatydb.dist.enclave.deadlock;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * Finds deadlocks over several nodes; those on one node its lock table finds at once. A node where somebody has waited for some time
 * asks the others who waits there, and refuses those waits of its own that have to give way. All nodes choose alike, so one transaction
 * of a circle gives way. The answers are of different moments: now and then one gives way that need not have. One thread runs it;
 * otherwise thread-safe.
 */
public final class ClusterDeadlocks implements Runnable, Transport.Handler {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterDeadlocks.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long WAITED_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long ASK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ParticipantStore store;
  private final List<Integer> others;
  private final Transport transport;
  private final Clock clock;
  private volatile boolean closed;

  public ClusterDeadlocks(ParticipantStore store, List<Integer> others, Transport transport, Clock clock) {
    this.store = store;
    this.others = List.copyOf(others);
    this.transport = transport;
    this.clock = clock;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    return WaitsCodec.encode(store.waits(0));
  }

  @Override
  public void run() {
    while (!closed) {
      clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
      Map<TransactionId, Set<TransactionId>> waitingHere = store.waits(WAITED_NANOS_MIN);
      if (!waitingHere.isEmpty() && !closed) {
        search(waitingHere);
      }
    }
  }

  private void search(Map<TransactionId, Set<TransactionId>> waitingHere) {
    Waits waits = new Waits();
    store.waits(0).forEach(waits::add);
    others.forEach(other -> ask(other, waits));
    Set<TransactionId> refused = new HashSet<>();
    for (TransactionId waiter : waitingHere.keySet()) {
      waits.victim(waiter).filter(waitingHere::containsKey).filter(refused::add).ifPresent(store::refuseWait);
    }
  }

  private void ask(int other, Waits waits) {
    try {
      WaitsCodec.decode(Service.WAITS.call(transport, other, new byte[0], ASK_TIMEOUT_NANOS)).forEach(waits::add);
    } catch (KvException | MalformedBytesException e) {
      LOG.debug("Node {} does not say who waits there: {}", other, e.getMessage());
    }
  }

  /** No more searches begin. */
  public void close() {
    closed = true;
  }
}
