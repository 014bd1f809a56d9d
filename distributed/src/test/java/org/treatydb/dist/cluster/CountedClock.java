package org.treatydb.dist.cluster;

import java.util.Map;
import java.util.Optional;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * A counter whose rounds carry its node's clock to one other node, as the quorum's do: of three nodes, that makes a majority.
 *
 * @param clocks those of all nodes, by node
 */
record CountedClock(TrustedCounter counter, int node, Map<Integer, ? extends NodeClock> clocks) implements TrustedCounter {

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
    counter.confirm(bootEpoch, log, head);
    long now = clocks.get(node).now();
    for (int other = node % clocks.size() + 1; other != node; other = other % clocks.size() + 1) {
      try {
        clocks.get(other).merge(now);
        return;
      } catch (KvException.Closed e) {
        // A node that has ended; the next one, then.
      }
    }
  }

  @Override
  public void close() {
    counter.close();
  }
}
