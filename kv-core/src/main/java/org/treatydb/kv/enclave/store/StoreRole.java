package org.treatydb.kv.enclave.store;

/** What a store is part of. */
public enum StoreRole {

  /** It is alone: its clock is nobody else's business. */
  ALONE,

  /**
   * It is a node of a cluster: others read at timestamps of their choice, and rely on its clock, which never goes back, not over a
   * restart either.
   */
  NODE
}
