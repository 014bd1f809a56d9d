package org.treatydb.kv.enclave.lock;

/** How a lock is held. */
public enum LockMode {
  SHARED,
  EXCLUSIVE;

  boolean conflictsWith(LockMode other) {
    return this == EXCLUSIVE || other == EXCLUSIVE;
  }

  boolean covers(LockMode wanted) {
    return this == EXCLUSIVE || wanted == SHARED;
  }
}
