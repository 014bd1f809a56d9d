package org.treatydb.dist.enclave.move;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;

/** Takes ranges over that others give to this node. Thread-safe. */
final class RangeTaker {

  private static final Logger LOG = LoggerFactory.getLogger(RangeTaker.class);

  /** What a node has given last. */
  private record Step(long bootEpoch, long number) {

    boolean isAfter(Step other) {
      return bootEpoch > other.bootEpoch || bootEpoch == other.bootEpoch && number > other.number;
    }
  }

  private final MovingNode here;
  private final ReentrantLock taking = new ReentrantLock();
  private final Map<Integer, Step> last = new HashMap<>();

  RangeTaker(MovingNode here) {
    this.here = here;
  }

  /**
   * Takes a range with its rows from {@code from}: when this returns they are stable. Serves it only when the shard map says so.
   *
   * @throws KvException.Retryable if that is late, or the node cannot take it now
   */
  void take(int from, MoveRequest.Take take) {
    taking.lock();
    try {
      Step step = new Step(take.bootEpoch(), take.step());
      if (last.containsKey(from) && last.get(from).isAfter(step)) {
        throw refused("node " + from + " has gone on since");
      }
      last.put(from, step);
      here.maps().learn(take.map());
      requireFrom(from, take.range());
      if (here.decisions().holdings().overlapping(take.range()).stream().anyMatch(Holding.Giving.class::isInstance)) {
        throw refused("node " + here.node() + " is still giving it away");
      }
      here.store().mergeClock(take.clock());
      here.store().run(transaction -> {
        replace(transaction, from, take);
        return null;
      });
      Holding.Taken taken = new Holding.Taken(take.range(), here.store().clock());
      here.ranges().set(taken);
      here.decisions().moving(taken);
      LOG.info("Took {} rows in {} from node {}", take.rows().size(), take.range(), from);
    } finally {
      taking.unlock();
    }
  }

  private void replace(KvTransaction transaction, int from, MoveRequest.Take take) {
    List<byte[]> before = new ArrayList<>();
    try (KvCursor rows = transaction.scan(take.range(), ScanOptions.FORWARD.withForUpdate())) {
      while (rows.next()) {
        before.add(rows.key());
      }
    }
    // Nobody has written here, and nobody can: all of it is locked.
    requireFrom(from, take.range());
    before.forEach(transaction::delete);
    take.rows().forEach(row -> transaction.put(row.key(), row.value()));
  }

  private void requireFrom(int from, KeyRange range) {
    if (!here.maps().get().isOn(from, range)) {
      throw refused("node " + from + " does not have it");
    }
  }

  private static KvException refused(String why) {
    return new KvException.Retryable(ErrorCode.STALE_SHARD_MAP, "the range is not taken: " + why);
  }
}
