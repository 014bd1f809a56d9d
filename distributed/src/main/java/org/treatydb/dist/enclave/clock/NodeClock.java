package org.treatydb.dist.enclave.clock;

/** This node's hybrid logical clock. Thread-safe. */
public interface NodeClock {

  /** The newest timestamp. */
  long now();

  /** Sees to it that every timestamp drawn from now on is above {@code timestamp}. */
  void merge(long timestamp);
}
