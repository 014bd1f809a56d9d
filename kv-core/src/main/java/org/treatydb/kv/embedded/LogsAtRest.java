package org.treatydb.kv.embedded;

import java.util.EnumMap;
import java.util.Map;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.log.LogIdentity;
import org.treatydb.kv.enclave.log.LogRecovery;
import org.treatydb.kv.enclave.log.LogScan;

/** The logs of a store that nobody has open. Nothing is changed. */
record LogsAtRest(StoreId store, KeySchedule keys, SealedLogStorage wal, SealedLogStorage manifest, SealedLogStorage clog) {

  /** What they amount to, if nobody says how far they must go. The boot epoch is the newest they know. */
  TrustedCounter.State scan() {
    LogScan.Result manifestFound = scan(LogName.MANIFEST, manifest);
    LogScan.Result walFound = scan(LogName.WAL, wal);
    LogScan.Result clogFound = scan(LogName.CLOG, clog);
    Map<LogName, LogHead> heads = new EnumMap<>(Map.of(LogName.MANIFEST, manifestFound.head(), LogName.WAL, walFound.head()));
    if (clogFound.head().counter() > 0) {
      heads.put(LogName.CLOG, clogFound.head());
    }
    long newestEpoch = Math.max(Math.max(manifestFound.newestEpoch(), walFound.newestEpoch()), clogFound.newestEpoch());
    return new TrustedCounter.State(store, newestEpoch, heads);
  }

  private LogScan.Result scan(LogName log, SealedLogStorage storage) {
    return new LogScan(new LogIdentity(store, log, keys), storage).run();
  }

  /** Of the Clog, if there is one, whose records others understand, the seals are checked, and that it leads to where it must. */
  void checkClog(TrustedCounter.State expected) {
    LogHead head = expected.heads().get(LogName.CLOG);
    if (head != null) {
      new LogRecovery(new LogIdentity(store, LogName.CLOG, keys), clog, head, expected.tail(LogName.CLOG))
          .readToNewest((counter, record) -> { });
    }
  }
}
