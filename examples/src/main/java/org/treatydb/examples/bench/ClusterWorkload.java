package org.treatydb.examples.bench;

import java.util.Locale;

/** What the clients of a cluster do: each transaction works on two records. */
enum ClusterWorkload {

  /** Moves something from one account to another: reads both for update, writes both. */
  TRANSFER(100),

  /** As YCSB's A, two rows a transaction: half read both, half write both. */
  YCSB_A(50),

  /** As YCSB's B, two rows a transaction: 95 % read both, 5 % write both. */
  YCSB_B(5);

  private final int writePercent;

  ClusterWorkload(int writePercent) {
    this.writePercent = writePercent;
  }

  String figureName() {
    return name().toLowerCase(Locale.ROOT);
  }

  int writePercent() {
    return writePercent;
  }

  boolean reads() {
    return writePercent < 100;
  }
}
