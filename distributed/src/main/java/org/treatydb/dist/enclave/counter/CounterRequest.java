package org.treatydb.dist.enclave.counter;

import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter.State;

/**
 * What a node asks those who count for it.
 *
 * @param node whose counter it is about
 * @param boot the boot of that node
 * @param clock the node's newest timestamp
 */
record CounterRequest(int node, BootNonce boot, long clock, Body body) {

  /** What is asked. {@code member} is the boot of the member that the request is for. */
  sealed interface Body {}

  /** What do you hold? */
  record Ask() implements Body {}

  /**
   * Hold this. First round of a confirmation.
   *
   * @param establishes also if the member holds nothing since it was started
   */
  record Store(BootNonce member, boolean establishes, State state) implements Body {}

  /** Do you still hold just this? Second round of a confirmation. */
  record Confirm(BootNonce member, State state) implements Body {}

  /** Promise the epoch after that of {@code base}. First round of binding an epoch. */
  record Bind(Held base) implements Body {}

  /** Is that epoch still promised to this boot? Second round of binding an epoch. */
  record Verify(BootNonce member, long epoch) implements Body {}

  /**
   * Register a store.
   *
   * @param isNew also if the member holds nothing since it was started
   * @param epoch where its epochs begin: above all of a store that was registered before and never used
   */
  record Register(BootNonce member, boolean isNew, StoreId store, long epoch) implements Body {}

  /** Hold this, whatever was forgotten: the operator vouches for it. The state's epoch is above all that is known. */
  record Adopt(BootNonce member, State found, long epoch) implements Body {}
}
