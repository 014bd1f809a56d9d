package org.treatydb.examples.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One figure of both engines, measured several times by turns. Not thread-safe. */
final class Series {

  private final Map<EngineUnderTest.Kind, List<Double>> values = new EnumMap<>(EngineUnderTest.Kind.class);

  /** Measures one side once. */
  interface Measure {
    double of(EngineUnderTest.Kind kind) throws Exception;
  }

  /** Measures both sides by turns, {@code rounds} times. */
  static Series of(int rounds, Measure measure) throws Exception {
    Series series = new Series();
    for (int i = 0; i < rounds; i++) {
      for (EngineUnderTest.Kind kind : EngineUnderTest.Kind.values()) {
        series.add(kind, measure.of(kind));
      }
    }
    return series;
  }

  void add(EngineUnderTest.Kind kind, double value) {
    values.computeIfAbsent(kind, k -> new ArrayList<>()).add(value);
  }

  /** The values of one side, in the order in which they were measured. */
  double[] of(EngineUnderTest.Kind kind) {
    return values.getOrDefault(kind, List.of()).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
