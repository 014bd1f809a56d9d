package org.treatydb.dist.enclave.branch;

/** What a coordinator says has become of a transaction of its. */
public sealed interface Outcome {

  /** It is still going on. */
  record Undecided() implements Outcome {}

  /** It is committed. */
  record Committed(long timestamp) implements Outcome {}

  /** It was undone, or will be: it cannot be committed any more. */
  record Aborted() implements Outcome {}
}
