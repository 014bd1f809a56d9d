package org.treatydb.examples.bench;

import java.util.Locale;

/** What the clusters that are compared have switched on. */
enum ClusterSide {

  /** Everything on, as a node comes. */
  FULL(true, true),

  /** The trusted counter confirms at once, and asks nobody. */
  UNSTABILIZED(true, false),

  /** The nodes talk over plain TCP. What is on disk stays sealed, and is checked, as it always is. */
  PLAIN_WIRE(false, true),

  /** Plain TCP, and a counter that asks nobody. What is on disk stays sealed, and is checked, as it always is. */
  BARE(false, false);

  private final boolean tls;
  private final boolean stabilized;

  ClusterSide(boolean tls, boolean stabilized) {
    this.tls = tls;
    this.stabilized = stabilized;
  }

  boolean hasTls() {
    return tls;
  }

  boolean isStabilized() {
    return stabilized;
  }

  String figureName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
