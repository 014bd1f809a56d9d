package org.treatydb.kv.enclave.txn;

import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.lifecycle.OpenTransactions;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.enclave.writes.WriteBudget;

/** What all transactions of one store share. */
record Engine(VersionStore store, LockTable locks, WriteBudget budget, Branches branches, AbstractTransaction.Surroundings surroundings) {

  OpenTransactions open() {
    return surroundings.open();
  }
}
