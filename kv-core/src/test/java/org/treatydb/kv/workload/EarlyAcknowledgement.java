package org.treatydb.kv.workload;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** For controls: a store that acknowledges commits at once, and commits when it gets round to it. */
public record EarlyAcknowledgement(KvStore store) implements KvStore {

  @Override
  public KvTransaction begin(TransactionOptions options) {
    KvTransaction transaction = store.begin(options);
    boolean[] committing = {false};
    InvocationHandler handler = (proxy, method, arguments) -> {
      if (method.getName().equals("commit")) {
        committing[0] = true;
        Thread.ofVirtual().start(() -> commit(transaction));
      }
      try {
        return committing[0] ? null : method.invoke(transaction, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    };
    return (KvTransaction) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {KvTransaction.class}, handler);
  }

  private static void commit(KvTransaction transaction) {
    try {
      transaction.commit();
    } catch (KvException.Retryable e) {
      // Its client believes otherwise.
    }
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public void close() {
    store.close();
  }
}
