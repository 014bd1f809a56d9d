package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.ForwardingCounter;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemorySealedStore;

class FailedLogTest {

  private static final int UNSTABLE_BYTES_MAX = 4 << 10;
  private static final StoreLimits LIMITS = new StoreLimits(1 << 20, 2, 0, 4, new SealedLog.Limits(1 << 20, 512, UNSTABLE_BYTES_MAX));

  /** A counter that can go out of reach. */
  private static final class FarCounter extends ForwardingCounter {

    private volatile boolean outOfReach;

    FarCounter() {
      super(new MemoryCounter());
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
      if (outOfReach) {
        throw new KvException.Unavailable(ErrorCode.NODE_UNREACHABLE, "out of reach", null);
      }
      super.confirm(bootEpoch, log, head, tail);
    }
  }

  /** Whoever appends makes room for its record, and so may be the only one who learns that the log has failed. */
  @Test
  void aLogThatFailsWhileRoomIsMadeInItFailsTheStore() {
    FarCounter counter = new FarCounter();
    try (TransactionalStore store = new MemoryHost(new MemorySealedStore(), counter).openNode(LIMITS)) {
      TransactionId first = new TransactionId(7, 1, 1);
      Branch prepared = store.beginBranch(first, TransactionOptions.READ_WRITE);
      prepared.put(new byte[] {1}, new byte[1]);
      prepared.prepare(0);
      counter.outOfReach = true;
      store.abortPrepared(first);
      Branch large = store.beginBranch(new TransactionId(7, 1, 2), TransactionOptions.READ_WRITE);
      large.put(new byte[] {2}, new byte[UNSTABLE_BYTES_MAX]);
      assertThrows(KvException.Unavailable.class, () -> large.prepare(0));
      KvException failed = assertThrows(KvException.Unavailable.class, () -> store.begin(TransactionOptions.READ_WRITE));
      assertEquals(ErrorCode.IO_FAILURE, failed.code());
    }
  }
}
