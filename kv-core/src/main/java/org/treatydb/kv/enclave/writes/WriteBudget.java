package org.treatydb.kv.enclave.writes;

import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** Memory for the writes of all transactions that are not committed yet. Thread-safe. */
public final class WriteBudget {

  private final long bytesMax;
  private final AtomicLong taken = new AtomicLong();

  public WriteBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * Takes so many bytes; none if there are not so many.
   *
   * @throws KvException.InvalidRequest if there are not
   */
  void take(long bytes) {
    long before = taken.get();
    while (before + bytes <= bytesMax && !taken.compareAndSet(before, before + bytes)) {
      before = taken.get();
    }
    if (before + bytes > bytesMax) {
      throw new KvException.InvalidRequest(
          ErrorCode.TOO_MANY_UNCOMMITTED_WRITES,
          "the writes of all open transactions together would take more than " + bytesMax
              + " bytes; commit in smaller pieces, or try again when others have ended");
    }
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  public long taken() {
    return taken.get();
  }
}
