package org.treatydb.kv.enclave.txn;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;

/** The parts of distributed transactions that are under way here, and what those that are prepared still hold. Thread-safe. */
final class Branches {

  private final Set<TransactionId> open = ConcurrentHashMap.newKeySet();
  private final Map<TransactionId, Runnable> prepared = new ConcurrentHashMap<>();

  /** Takes the id, until it is {@link #ended}. */
  void begin(TransactionId id) {
    if (prepared.containsKey(id) || !open.add(id)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "transaction " + id + " has begun here already");
    }
  }

  void ended(TransactionId id) {
    open.remove(id);
    prepared.remove(id);
  }

  /** It is about to be prepared; {@code letGo} gives back what it holds, and is called at most once. */
  void prepare(TransactionId id, Runnable letGo) {
    prepared.put(id, letGo);
    open.remove(id);
  }

  /** What was decided of the prepared transaction is visible. */
  void decided(TransactionId id) {
    Runnable letGo = prepared.remove(id);
    if (letGo != null) {
      letGo.run();
    }
  }
}
