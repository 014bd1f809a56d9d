package org.treatydb.kv.enclave.lock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.treatydb.kv.api.KeyRange;

/**
 * The requests that wait, in order of arrival: those for one key by key, those for ranges apart, so that a request looks only at others
 * that it may conflict with. Guarded by the table's lock.
 */
final class WaitQueue {

  private static final Comparator<LockRequest> BY_ARRIVAL = Comparator.comparingLong(request -> request.arrival);

  private final TreeMap<byte[], List<LockRequest>> keys = new TreeMap<>(Arrays::compareUnsigned);
  private final List<LockRequest> ranges = new ArrayList<>();
  private long arrivals;

  void add(LockRequest request) {
    request.arrival = ++arrivals;
    if (request.key == null) {
      ranges.add(request);
    } else {
      keys.computeIfAbsent(request.key, key -> new ArrayList<>(2)).add(request);
    }
  }

  void remove(LockRequest request) {
    if (request.key == null) {
      ranges.remove(request);
    } else {
      keys.computeIfPresent(request.key, (key, waiting) -> {
        waiting.remove(request);
        return waiting.isEmpty() ? null : waiting;
      });
    }
  }

  /** All that wait and have not been refused, in order of arrival. */
  List<LockRequest> all() {
    List<LockRequest> all = new ArrayList<>(ranges);
    keys.values().forEach(all::addAll);
    all.removeIf(request -> request.refused != null);
    all.sort(BY_ARRIVAL);
    return all;
  }

  private Collection<List<LockRequest>> keysIn(KeyRange range) {
    NavigableMap<byte[], List<LockRequest>> inside = range.end() == null
        ? keys.tailMap(range.start(), true)
        : keys.subMap(range.start(), true, range.end(), false);
    return inside.values();
  }

  /** Those that may be granted after something in {@code range} has become free, in order of arrival. */
  List<LockRequest> candidates(KeyRange range) {
    List<LockRequest> found = new ArrayList<>();
    for (List<LockRequest> waiting : keysIn(range)) {
      boolean behindExclusive = false;
      for (LockRequest request : waiting) {
        if (request.refused == null && (!behindExclusive || request.passesOthers())) {
          found.add(request);
          behindExclusive |= request.mode == LockMode.EXCLUSIVE;
        }
      }
    }
    for (LockRequest request : ranges) {
      if (request.refused == null && request.range.overlaps(range)) {
        found.add(request);
      }
    }
    found.sort(BY_ARRIVAL);
    return found;
  }

  /**
   * The earlier requests that {@code request} has to wait behind; of those for the same key only the nearest, back to one that itself
   * waits behind all before it.
   */
  List<LockRequest> ahead(LockRequest request) {
    List<LockRequest> found = new ArrayList<>();
    long covered = 0;
    if (request.key == null) {
      keysIn(request.range).forEach(waiting -> waiting.stream().filter(request::waitsBehind).forEach(found::add));
    } else if (keys.get(request.key) instanceof List<LockRequest> waiting) {
      for (int i = waiting.size() - 1; i >= 0 && covered == 0; i--) {
        LockRequest other = waiting.get(i);
        if (request.waitsBehind(other)) {
          found.add(other);
          covered = other.mode == LockMode.EXCLUSIVE && !other.passesOthers() ? other.arrival : 0;
        }
      }
    }
    for (LockRequest other : ranges) {
      if (other.arrival > covered && request.waitsBehind(other)) {
        found.add(other);
      }
    }
    return found;
  }
}
