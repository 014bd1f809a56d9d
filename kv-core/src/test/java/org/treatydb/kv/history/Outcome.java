package org.treatydb.kv.history;

/** How a transaction ended, as its client knows it. */
public enum Outcome {
  COMMITTED,
  ABORTED,
  /** The client never learned: it may have happened, or not. */
  UNKNOWN
}
