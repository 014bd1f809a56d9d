package org.treatydb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.sql.api.Cancellation;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * What stops the work of one session: the cancellation that it obeys now, and the transactions that work for it, which are cancelled with
 * it and only as long as it lasts. Not thread-safe; the cancellation is.
 */
final class Interruption {

  private final List<KvTransaction> attached = new ArrayList<>();
  private Cancellation cancellation = Cancellation.NEVER;

  /** Obeys another one from now on, without the transactions of the last. */
  void obey(Cancellation next) {
    cancellation.end();
    if (cancellation.reason() != null) {
      attached.forEach(transaction -> transaction.setCancelled(false));
    }
    attached.clear();
    cancellation = next;
  }

  /** Has a transaction of the session's work cancelled with that. */
  void attach(KvTransaction transaction) {
    if (cancellation != Cancellation.NEVER && (attached.isEmpty() || attached.getLast() != transaction)) {
      attached.add(transaction);
      cancellation.whenCancelled(() -> transaction.setCancelled(true));
    }
  }

  /** Why the work is to stop; null if it is to go on. */
  String reason() {
    return cancellation.reason();
  }

  /** Fails with 57014 if the work is to stop. */
  void check() {
    String reason = cancellation.reason();
    if (reason != null) {
      throw new SqlFailure(SqlState.QUERY_CANCELED, reason);
    }
  }

  /** {@code store}, whose transactions are cancelled with the work that begins them. */
  KvStore over(KvStore store) {
    return new KvStore() {
      @Override
      public KvTransaction begin(TransactionOptions options) {
        check();
        KvTransaction transaction = store.begin(options);
        attach(transaction);
        return transaction;
      }

      @Override
      public LockView locks() {
        return store.locks();
      }

      @Override
      public List<TransactionView> transactions() {
        return store.transactions();
      }

      @Override
      public void close() {
        throw new UnsupportedOperationException("a session does not close its store");
      }
    };
  }
}
