package org.treatydb.kv.history;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a checker found. Empty: the history is strictly serializable, as far as its reads can tell. */
public record Verdict(List<Anomaly> anomalies) {

  private static final int SHOWN_MAX = 5;

  public Verdict {
    anomalies = List.copyOf(anomalies);
  }

  public boolean isValid() {
    return anomalies.isEmpty();
  }

  public Set<Anomaly.Kind> kinds() {
    Set<Anomaly.Kind> kinds = EnumSet.noneOf(Anomaly.Kind.class);
    anomalies.forEach(each -> kinds.add(each.kind()));
    return kinds;
  }

  /**
   * Passes if the history is valid.
   *
   * @throws AssertionError with the first few anomalies
   */
  public void assertValid() {
    if (!isValid()) {
      throw new AssertionError(toString());
    }
  }

  @Override
  public String toString() {
    if (isValid()) {
      return "valid";
    }
    return anomalies.size() + " anomalies\n"
        + anomalies.stream().limit(SHOWN_MAX).map(Anomaly::toString).collect(Collectors.joining("\n"));
  }
}
