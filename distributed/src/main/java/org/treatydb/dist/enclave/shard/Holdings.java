package org.treatydb.dist.enclave.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.treatydb.kv.api.KeyRange;

/**
 * Ranges that came or went, each key in one at most. Immutable.
 *
 * @param all ascending
 */
public record Holdings(List<Holding> all) {

  public static final Holdings NONE = new Holdings(List.of());

  public Holdings {
    all = List.copyOf(all);
  }

  /** Those that have something to do with {@code range}, ascending. */
  public List<Holding> overlapping(KeyRange range) {
    if (all.isEmpty()) {
      return List.of();
    }
    List<Holding> found = new ArrayList<>();
    for (int i = firstUpTo(range.start()); i < all.size(); i++) {
      Holding each = all.get(i);
      if (range.end() != null && Arrays.compareUnsigned(each.range().start(), range.end()) >= 0) {
        break;
      }
      if (each.range().overlaps(range)) {
        found.add(each);
      }
    }
    return found;
  }

  /** The last one that starts at or before {@code key}, or the first. */
  private int firstUpTo(byte[] key) {
    int low = 0;
    int high = all.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(all.get(middle).range().start(), key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** With this one instead of what was known of its range before. */
  public Holdings with(Holding holding) {
    List<Holding> next = new ArrayList<>(without(holding.range()).all);
    int place = 0;
    while (place < next.size() && Arrays.compareUnsigned(next.get(place).range().start(), holding.range().start()) < 0) {
      place++;
    }
    next.add(place, holding);
    joinTaken(next, place);
    if (place > 0) {
      joinTaken(next, place - 1);
    }
    return new Holdings(next);
  }

  /** Many small moves leave one range. */
  private static void joinTaken(List<Holding> list, int left) {
    if (left + 1 < list.size() && list.get(left) instanceof Holding.Taken first && list.get(left + 1) instanceof Holding.Taken second
        && Arrays.equals(first.range().end(), second.range().start())) {
      KeyRange both = new KeyRange(first.range().start(), second.range().end());
      list.set(left, new Holding.Taken(both, Math.max(first.snapshotMin(), second.snapshotMin())));
      list.remove(left + 1);
    }
  }

  /** With nothing known of {@code range}. */
  public Holdings without(KeyRange range) {
    List<Holding> next = new ArrayList<>(all.size());
    for (Holding each : all) {
      KeyRange old = each.range();
      if (!old.overlaps(range)) {
        next.add(each);
        continue;
      }
      if (Arrays.compareUnsigned(old.start(), range.start()) < 0) {
        next.add(each.of(new KeyRange(old.start(), range.start())));
      }
      if (range.end() != null && (old.end() == null || Arrays.compareUnsigned(range.end(), old.end()) < 0)) {
        next.add(each.of(new KeyRange(range.end(), old.end())));
      }
    }
    return new Holdings(next);
  }

  /** Without the oldest of those that have been given away, if there are more than {@code count}. */
  Holdings withGivenUpTo(int count) {
    List<Holding.Given> given = all.stream().filter(Holding.Given.class::isInstance).map(Holding.Given.class::cast)
        .sorted(Comparator.comparingLong(Holding.Given::snapshotMax)).toList();
    if (given.size() <= count) {
      return this;
    }
    Set<Holding> dropped = Set.copyOf(given.subList(0, given.size() - count));
    return new Holdings(all.stream().filter(each -> !dropped.contains(each)).toList());
  }

  /** Those that are being given away. */
  public List<Holding.Giving> givings() {
    return all.stream().filter(Holding.Giving.class::isInstance).map(Holding.Giving.class::cast).toList();
  }
}
