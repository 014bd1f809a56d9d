package org.treatydb.kv.enclave.lock;

import org.treatydb.kv.api.TransactionId;

/** Transactions for tests of the lock table. */
final class Owners {

  private Owners() {}

  static LockOwner aged(long age) {
    return new LockOwner(new TransactionId(0, 0, age), age);
  }
}
