package org.treatydb.dist.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often what has gone wrong. */
final class FaultCounts {

  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

  void hit(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  void addAll(FaultCounts other) {
    other.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
  }

  long of(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
