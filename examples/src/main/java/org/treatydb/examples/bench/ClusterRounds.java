package org.treatydb.examples.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the clusters did with one workload and one number of clients, round by round. Not thread-safe. */
final class ClusterRounds {

  private final Map<ClusterSide, MeasuredRounds> sides = new EnumMap<>(ClusterSide.class);

  ClusterRounds(List<ClusterSide> measured) {
    measured.forEach(side -> sides.put(side, new MeasuredRounds()));
  }

  void add(ClusterSide side, Clients.Result round, long aborts) {
    sides.get(side).add(round, aborts);
  }

  /** What is left of the throughput of a side with everything on; empty if one of them was not measured. */
  OptionalDouble fullTo(ClusterSide side) {
    return sides.containsKey(ClusterSide.FULL) && sides.containsKey(side)
        ? OptionalDouble.of(Report.medianRatio(sides.get(ClusterSide.FULL).perSecond(), sides.get(side).perSecond()))
        : OptionalDouble.empty();
  }

  void print(Report report, String name, ClusterWorkload workload) {
    sides.forEach((side, measured) -> report.figure(name + "_" + side.figureName(), Report.median(measured.perSecond()), "1/s"));
    fullTo(ClusterSide.PLAIN_WIRE).ifPresent(ratio -> report.figure(name + "_security_tax_ratio", ratio, "x"));
    fullTo(ClusterSide.UNSTABILIZED).ifPresent(ratio -> report.figure(name + "_full_to_unstabilized_ratio", ratio, "x"));
    fullTo(ClusterSide.BARE).ifPresent(ratio -> report.figure(name + "_full_to_bare_ratio", ratio, "x"));
    sides.forEach((side, measured) -> measured.print(report, name + "_" + side.figureName(), workload.reads(), true));
  }
}
