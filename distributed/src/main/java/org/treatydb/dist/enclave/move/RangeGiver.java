package org.treatydb.dist.enclave.move;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Gives ranges of this node's away, a step at a time. A step is begun by a record in the Clog, from which on this node serves nothing
 * newer in its range; it is committed by the shard map in which the other node has the range. If the other node does not take it, a map in
 * which nothing has moved takes the place of that one. What a boot leaves behind the next one finishes. Thread-safe; one thread runs it.
 */
final class RangeGiver implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RangeGiver.class);

  private static final long CALL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LEFT_OVER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final MovingNode here;
  /** Held for a step, from its beginning to its end. */
  private final ReentrantLock moving = new ReentrantLock();
  private long steps;
  private volatile boolean closed;

  RangeGiver(MovingNode here) {
    this.here = here;
  }

  /**
   * Gives the beginning of {@code wanted}, which is this node's, about so many {@code bytes} of keys and values, to {@code to}.
   *
   * @return what has moved
   * @throws KvException.Retryable nothing has moved, or all is done but for what this node finishes by itself
   */
  MoveReply.Gave give(KeyRange wanted, int to, int bytes) {
    moving.lock();
    try {
      finishAll();
      ShardMap map = here.maps().newest();
      if (wanted.isEmpty() || to == here.node() || !map.isOn(here.node(), wanted)) {
        throw new KvException.Retryable(ErrorCode.STALE_SHARD_MAP, "node " + here.node() + " does not have that range (any more)");
      }
      KeyRange step = step(wanted, bytes);
      requireShort(map, step, to);
      // Nothing is fenced for a node that does not answer.
      here.ask(to, new MoveRequest.Learn(map), CALL_NANOS);
      Holding.Giving giving = here.store().alone(step, TransactionOptions.LOCK_TIMEOUT_DEFAULT, () -> fence(step, to));
      return new MoveReply.Gave(step, complete(giving, Optional.of(map)));
    } finally {
      moving.unlock();
    }
  }

  private static void requireShort(ShardMap map, KeyRange step, int to) {
    try {
      map.moved(step, to);
    } catch (IllegalArgumentException e) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED, "the shard map would be too long: " + e.getMessage());
    }
  }

  /** As much of the range as one step takes. */
  private KeyRange step(KeyRange wanted, int bytesMax) {
    return here.store().run(TransactionOptions.READ_ONLY, transaction -> {
      long bytes = 0;
      try (KvCursor rows = transaction.scan(wanted)) {
        while (rows.next()) {
          if (bytes >= bytesMax) {
            return new KeyRange(wanted.start(), rows.key());
          }
          bytes += rows.key().length + rows.value().length;
        }
      }
      return wanted;
    });
  }

  /** Nobody has anything locked in the range: what is committed there is all visible, and below the clock. */
  private Holding.Giving fence(KeyRange step, int to) {
    long snapshotMin = 0;
    for (Holding each : here.ranges().holdings().overlapping(step)) {
      snapshotMin = Math.max(snapshotMin, each instanceof Holding.Taken taken ? taken.snapshotMin() : 0);
    }
    Holding.Giving giving = new Holding.Giving(step, to, snapshotMin, here.store().clock());
    here.ranges().set(giving);
    here.decisions().moving(giving);
    return giving;
  }

  /**
   * Brings a step to its end, and gives the number of rows that it sent.
   *
   * @param known a map by which the range is here, and which this boot knew before it logged the fence
   */
  private long complete(Holding.Giving giving, Optional<ShardMap> known) {
    long deadline = here.clock().nanoTime() + PATIENCE_NANOS;
    long step = ++steps;
    long rows = -1;
    for (Optional<ShardMap> map = known.or(() -> hereBy(giving)); map.isPresent(); map = hereBy(giving)) {
      try {
        if (rows < 0) {
          rows = hand(giving, step);
        }
        publish(map.get().moved(giving.range(), giving.to()));
      } catch (KvException e) {
        if (e instanceof KvException.Retryable && here.clock().nanoTime() < deadline) {
          LOG.debug("Node {} does not take {} now: {}", giving.to(), giving.range(), e.getMessage());
          here.pause(this, PAUSE_NANOS);
        } else if (publish(map.get().moved(giving.range(), here.node()))) {
          keep(giving, e);
        }
      }
    }
    letGo(giving);
    return Math.max(rows, 0);
  }

  /**
   * The map that counts, if the range is still here by it: the map that takes its place may only be one that follows it. The fence is
   * logged once more, so that a boot after this one, if there is any, asks for the map later than this one did: of both only one can be
   * followed.
   */
  private Optional<ShardMap> hereBy(Holding.Giving giving) {
    ShardMap map = newest(giving);
    if (!map.isOn(here.node(), giving.range())) {
      return Optional.empty();
    }
    here.decisions().moving(giving);
    return Optional.of(map);
  }

  /** Asks the configuration service for as long as it does not answer: as long as that, nobody can have the range. */
  private ShardMap newest(Holding.Giving giving) {
    while (true) {
      if (closed) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSING, "the node is closing; it finishes the move when it is back");
      }
      try {
        return here.maps().newest();
      } catch (KvException e) {
        LOG.info("The move of {} waits for the configuration service: {}", giving.range(), e.getMessage());
        here.pause(this, PAUSE_NANOS);
      }
    }
  }

  /** Reads the range without locks, since nobody writes there any more, and has the other node make it stable. */
  private long hand(Holding.Giving giving, long step) {
    List<KeyValue> rows = new ArrayList<>();
    try (var transaction = here.store().begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(giving.range())) {
      while (cursor.next()) {
        rows.add(new KeyValue(cursor.key(), cursor.value()));
      }
    }
    // Of after the fence: above everything that was ever read here.
    long clock = here.store().clock();
    MoveReply.Done done = (MoveReply.Done) here.ask(giving.to(), new MoveRequest.Take(
        here.store().bootEpoch(), step, clock, here.maps().get(), giving.range(), rows), CALL_NANOS);
    here.store().mergeClock(done.clock());
    return rows.size();
  }

  /** Whether that is the next map, by this call. */
  private boolean publish(ShardMap next) {
    try {
      return here.maps().publish(next);
    } catch (KvException.Retryable e) {
      LOG.info("The configuration service did not answer; whether it has a new shard map is to be asked: {}", e.getMessage());
      here.pause(this, PAUSE_NANOS);
      return false;
    }
  }

  /** The map without the move has come instead of the one with it: that cannot come any more. */
  private void keep(Holding.Giving giving, KvException why) {
    Holding as = new Holding.Taken(giving.range(), giving.snapshotMin());
    here.decisions().moving(as);
    here.ranges().set(as);
    LOG.warn("Node {} did not take {}, which stays here: {}", giving.to(), giving.range(), why.getMessage());
    throw new KvException.Retryable(
        ErrorCode.NODE_UNREACHABLE, "node " + giving.to() + " did not take the range, which stays where it is: " + why.getMessage());
  }

  private void letGo(Holding.Giving giving) {
    spread(giving.to());
    here.ranges().set(new Holding.Given(giving.range(), giving.snapshotMin(), giving.snapshotMax()));
    LOG.info("Gave {} to node {}", giving.range(), giving.to());
    here.store().run(transaction -> {
      List<byte[]> keys = new ArrayList<>();
      try (KvCursor rows = transaction.scan(giving.range(), ScanOptions.FORWARD.withForUpdate())) {
        while (rows.next()) {
          keys.add(rows.key());
        }
      }
      keys.forEach(transaction::delete);
      return null;
    });
    here.decisions().settled(giving.range(), here.maps().get().version());
  }

  /** Tells all nodes of the map; waits only for the one that has the range now. Who does not hear of it hears from the service. */
  private void spread(int first) {
    MoveRequest news = new MoveRequest.Learn(here.maps().get());
    tell(first, news);
    for (int other : here.others()) {
      if (other != first) {
        here.threads().newThread(() -> tell(other, news)).start();
      }
    }
  }

  private void tell(int other, MoveRequest news) {
    try {
      here.ask(other, news, NEWS_NANOS);
    } catch (RuntimeException e) {
      LOG.debug("Node {} was not told of the shard map: {}", other, e.getMessage());
    }
  }

  /** Finishes what is left over. */
  private void finishAll() {
    for (Holding.Giving left : here.decisions().holdings().givings()) {
      try {
        complete(left, Optional.empty());
      } catch (KvException.Retryable e) {
        LOG.info("A move that was left over was not finished: {}", e.getMessage());
      }
    }
  }

  @Override
  public void run() {
    String said = "";
    while (!closed) {
      if (!here.decisions().holdings().givings().isEmpty() && moving.tryLock()) {
        try {
          finishAll();
        } catch (RuntimeException e) {
          String trouble = String.valueOf(e.getMessage());
          if (!closed && !trouble.equals(said)) {
            LOG.warn("A move that was left over cannot be finished now: {}", trouble);
          }
          said = trouble;
        } finally {
          moving.unlock();
        }
      }
      here.pause(this, LEFT_OVER_NANOS);
    }
  }

  /** No more begins, and nothing waits any more. */
  void close() {
    closed = true;
  }
}
