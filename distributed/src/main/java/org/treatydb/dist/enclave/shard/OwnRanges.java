package org.treatydb.dist.enclave.shard;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * What a node may serve: by the shard map as it knows it, and by what it remembers of moves, which counts before the map. Who asks for a
 * range that is just being given away waits for the end of that. Thread-safe.
 */
public final class OwnRanges {

  /** Ranges whose older snapshots are still read here; for those given away before them, transactions run again. */
  static final int GIVEN_MAX = 10_000;

  /** Nobody waits for longer for the end of a step: who commits must know how that ended before his own patience ends. */
  private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final int node;
  private final ShardMaps maps;
  private final long versionMin;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Holdings holdings;
  private volatile long fences;

  /**
   * What is remembered at the start.
   *
   * @param versionMin older maps than of this version count no more
   */
  public OwnRanges(int node, ShardMaps maps, Holdings holdings, long versionMin, Clock clock) {
    this.versionMin = versionMin;
    this.node = node;
    this.maps = maps;
    this.holdings = holdings;
    this.clock = clock;
  }

  public Holdings holdings() {
    return holdings;
  }

  /** Counts the ranges that were fenced here: as long as it stays the same, what was served still is. */
  public long fences() {
    return fences;
  }

  /** That holds from now on. */
  public void set(Holding holding) {
    lock.lock();
    try {
      holdings = holdings.with(holding).withGivenUpTo(GIVEN_MAX);
      fences += holding instanceof Holding.Giving ? 1 : 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns if the newest of all keys in {@code ranges} may be read and written here.
   *
   * @param waitNanosMax how long it may wait for the ends of moves
   * @throws KvException.Retryable with STALE_SHARD_MAP if not
   */
  public void requireNewest(List<KeyRange> ranges, long waitNanosMax) {
    long deadline = deadline(waitNanosMax);
    ranges.forEach(range -> requireNewestUntil(range, deadline));
  }

  private long deadline(long waitNanosMax) {
    return clock.nanoTime() + Math.min(waitNanosMax, WAIT_NANOS_MAX);
  }

  private void requireNewestUntil(KeyRange range, long deadline) {
    while (true) {
      List<Holding> found = holdings.overlapping(range);
      if (found.isEmpty() && isMine(range)) {
        return;
      }
      boolean giving = found.stream().anyMatch(Holding.Giving.class::isInstance);
      if (giving && isGoingOn(deadline)) {
        continue;
      }
      if (giving || found.stream().anyMatch(Holding.Given.class::isInstance) || !isMine(range)) {
        throw stale();
      }
      return;
    }
  }

  /**
   * Returns if all keys in {@code ranges} may be read here in a snapshot at {@code timestamp}.
   *
   * @param waitNanosMax how long it may wait for the ends of moves
   * @throws KvException.Retryable with STALE_SHARD_MAP if not
   */
  public void requireSnapshot(List<KeyRange> ranges, long timestamp, long waitNanosMax) {
    long deadline = deadline(waitNanosMax);
    ranges.forEach(range -> requireSnapshotUntil(range, timestamp, deadline));
  }

  private void requireSnapshotUntil(KeyRange range, long timestamp, long deadline) {
    while (true) {
      Holdings now = holdings;
      if (now.all().isEmpty() && isMine(range)) {
        return;
      }
      if (now.overlapping(range).stream().anyMatch(each -> each instanceof Holding.Giving giving && timestamp > giving.snapshotMax())
          && isGoingOn(deadline)) {
        continue;
      }
      if (!hasSnapshot(now, range, timestamp)) {
        throw stale();
      }
      return;
    }
  }

  private boolean hasSnapshot(Holdings now, KeyRange range, long timestamp) {
    Holdings rest = Holdings.NONE.with(new Holding.Taken(range, 0));
    for (Holding each : now.overlapping(range)) {
      switch (each) {
        case Holding.Giving giving when timestamp >= giving.snapshotMin() && timestamp <= giving.snapshotMax() ->
            rest = rest.without(giving.range());
        case Holding.Given given when timestamp >= given.snapshotMin() && timestamp <= given.snapshotMax() ->
            rest = rest.without(given.range());
        case Holding.Taken taken when timestamp >= taken.snapshotMin() -> { }
        default -> {
          return false;
        }
      }
    }
    return rest.all().stream().allMatch(part -> isMine(part.range()));
  }

  private boolean isMine(KeyRange range) {
    ShardMap map = maps.get();
    return map.version() >= versionMin && map.isOn(node, range);
  }

  /** Waits a moment; false if it is too late for that. */
  private boolean isGoingOn(long deadline) {
    long now = clock.nanoTime();
    if (now >= deadline || Thread.currentThread().isInterrupted()) {
      return false;
    }
    clock.parkUntil(this, Math.min(deadline, now + LOOK_NANOS));
    return true;
  }

  private KvException stale() {
    return new KvException.Retryable(
        ErrorCode.STALE_SHARD_MAP, "keys have moved to another node (shard map " + maps.get().version() + "); run the transaction again");
  }
}
