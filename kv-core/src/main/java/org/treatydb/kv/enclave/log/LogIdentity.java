package org.treatydb.kv.enclave.log;

import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;

/** Which log of which store, and the keys it is sealed with. */
public record LogIdentity(StoreId store, LogName log, KeySchedule keys) {

  /** The head of this log before its first record. */
  public LogHead genesis() {
    return BatchCodec.genesis(store, log);
  }
}
