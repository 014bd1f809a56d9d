package org.treatydb.sql.session;

import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** A store that does something else before each transaction that one thread begins; what that begins, and other threads, go undisturbed. */
final class InterruptingStore implements KvStore {

  private final KvStore store;
  private Interruption interruption = () -> { };
  private volatile Thread thread;
  private boolean interrupted;

  /** What is done in between. */
  interface Interruption {
    void run() throws Exception;
  }

  InterruptingStore(KvStore store) {
    this.store = store;
  }

  /** From now on, interrupts what the present thread does. */
  void before(Interruption wanted) {
    thread = Thread.currentThread();
    interruption = wanted;
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    if (Thread.currentThread() == thread && !interrupted) {
      interrupted = true;
      try {
        interruption.run();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      } finally {
        interrupted = false;
      }
    }
    return store.begin(options);
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
    store.close();
  }
}
