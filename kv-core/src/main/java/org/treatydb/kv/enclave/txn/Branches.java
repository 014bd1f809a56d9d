package org.treatydb.kv.enclave.txn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;

/** The parts of distributed transactions that are under way here, and what those that are prepared still hold. Thread-safe. */
final class Branches {

  /** Of a branch that is not prepared, nobody else gives anything back. */
  private static final Runnable OPEN = () -> { };

  private final Map<TransactionId, Runnable> byId = new ConcurrentHashMap<>();

  /** Takes the id, until it is {@link #ended}. */
  void begin(TransactionId id) {
    if (byId.putIfAbsent(id, OPEN) != null) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "transaction " + id + " has begun here already");
    }
  }

  void ended(TransactionId id) {
    byId.remove(id);
  }

  /** It is about to be prepared; {@code letGo} gives back what it holds, and is called at most once. */
  void prepare(TransactionId id, Runnable letGo) {
    byId.put(id, letGo);
  }

  /** What was decided of the prepared transaction is visible. */
  void decided(TransactionId id) {
    Runnable letGo = byId.remove(id);
    // Two who tell the decision at once both find that it is visible.
    if (letGo != null) {
      letGo.run();
    }
  }
}
