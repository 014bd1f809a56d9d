package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;

@Timeout(30)
class LockViewTest {

  @Test
  void showsWhoHoldsHowMuchAndWhoWaitsForWhom() throws InterruptedException {
    try (EmbeddedStore store = EmbeddedStore.openInMemory();
        KvTransaction first = store.begin();
        KvTransaction second = store.begin();
        KvTransaction third = store.begin();
        KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      snapshot.get(bytes("a"));
      first.put(bytes("a"), bytes("1"));
      first.get(bytes("b"));
      second.scan(new KeyRange(bytes("x"), bytes("y"))).close();
      assertEquals(
          List.of(new LockView.Holder(first.id(), 2, 0), new LockView.Holder(second.id(), 0, 1)), store.locks().holders());
      assertEquals(List.of(), store.locks().waiters());

      Thread waiter = Thread.ofVirtual().start(() -> third.getForUpdate(bytes("a")));
      while (store.locks().waiters().isEmpty()) {
        Thread.yield();
      }
      assertEquals(
          List.of(new LockView.Waiter(third.id(), KeyRange.point(bytes("a")), true, Set.of(first.id()))), store.locks().waiters());
      first.commit();
      waiter.join();
      assertTrue(store.locks().waiters().isEmpty());
      assertEquals(
          List.of(new LockView.Holder(second.id(), 0, 1), new LockView.Holder(third.id(), 1, 0)), store.locks().holders());
    }
  }
}
