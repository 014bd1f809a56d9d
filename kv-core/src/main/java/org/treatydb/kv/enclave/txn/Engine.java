package org.treatydb.kv.enclave.txn;

import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.lock.LockTable;
import org.treatydb.kv.enclave.store.VersionStore;

/** What all transactions of one store share. */
record Engine(
    VersionStore store, LockTable locks, Clock clock, TransactionLimits limits, OpenTransactions open, WriteBudget budget) {}
