package org.treatydb.dist.enclave.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.host.system.SystemClock;

/** What a node serves of ranges that are on their way, and of those that have gone. */
@Timeout(60)
class OwnRangesTest {

  private static final int NODE = 1;
  private static final KeyRange RANGE = new KeyRange(new byte[] {10}, new byte[] {20});
  private static final long SNAPSHOT_MIN = 100;
  private static final long SNAPSHOT_MAX = 200;
  private static final ShardMap MINE = new ShardMap(4, List.of(new Shard(new byte[0], NODE)));
  private static final ShardMap ANOTHERS = new ShardMap(
      5, List.of(new Shard(new byte[0], NODE), new Shard(RANGE.start(), 2), new Shard(RANGE.end(), NODE)));

  private static OwnRanges ranges(ShardMap map, long versionMin, Holding... holdings) {
    Holdings all = Holdings.NONE;
    for (Holding each : holdings) {
      all = all.with(each);
    }
    return new OwnRanges(NODE, () -> map, all, versionMin, new SystemClock());
  }

  private static void assertStale(Runnable request) {
    assertEquals(ErrorCode.STALE_SHARD_MAP, assertThrows(KvException.Retryable.class, request::run).code());
  }

  private static void assertSnapshots(OwnRanges ranges, long... timestamps) {
    for (long timestamp : timestamps) {
      ranges.requireSnapshot(List.of(RANGE), timestamp, 0);
    }
  }

  private static void assertNoSnapshots(OwnRanges ranges, long... timestamps) {
    for (long timestamp : timestamps) {
      assertStale(() -> ranges.requireSnapshot(List.of(RANGE), timestamp, 0));
    }
  }

  @Test
  void whatIsGivenAwayIsReadInSnapshotsOfItsTimeOnly() {
    for (Holding holding : List.of(
        new Holding.Giving(RANGE, 2, SNAPSHOT_MIN, SNAPSHOT_MAX), new Holding.Given(RANGE, SNAPSHOT_MIN, SNAPSHOT_MAX))) {
      OwnRanges ranges = ranges(ANOTHERS, 0, holding);
      assertSnapshots(ranges, SNAPSHOT_MIN, SNAPSHOT_MAX);
      assertNoSnapshots(ranges, SNAPSHOT_MIN - 1, SNAPSHOT_MAX + 1);
      assertStale(() -> ranges.requireNewest(List.of(RANGE), 0));
    }
  }

  @Test
  void whatWasTakenIsReadFromItsTimeOn() {
    OwnRanges ranges = ranges(MINE, 0, new Holding.Taken(RANGE, SNAPSHOT_MIN));
    assertSnapshots(ranges, SNAPSHOT_MIN, Long.MAX_VALUE);
    assertNoSnapshots(ranges, SNAPSHOT_MIN - 1);
    ranges.requireNewest(List.of(RANGE), 0);
    assertNoSnapshots(ranges(ANOTHERS, 0, new Holding.Taken(RANGE, SNAPSHOT_MIN)), SNAPSHOT_MIN);
  }

  @Test
  void aMapOlderThanWhatIsRememberedCountsNoMore() {
    ranges(MINE, 4).requireNewest(List.of(RANGE), 0);
    assertSnapshots(ranges(MINE, 4), 1);
    assertStale(() -> ranges(MINE, 5).requireNewest(List.of(RANGE), 0));
    assertNoSnapshots(ranges(MINE, 5), 1);
  }

  @Test
  void whoIsInterruptedWaitsNoLongerForTheEndOfAMove() {
    OwnRanges ranges = ranges(MINE, 0, new Holding.Giving(RANGE, 2, SNAPSHOT_MIN, SNAPSHOT_MAX));
    Thread.currentThread().interrupt();
    assertStale(() -> ranges.requireNewest(List.of(RANGE), TimeUnit.HOURS.toNanos(1)));
    assertStale(() -> ranges.requireSnapshot(List.of(RANGE), SNAPSHOT_MAX + 1, TimeUnit.HOURS.toNanos(1)));
    assertTrue(Thread.interrupted(), "it is told to others, too");
  }
}
