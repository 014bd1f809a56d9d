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
import org.treatydb.kv.api.ScanOptions;
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
      TemporaryStore.scan(second, new KeyRange(bytes("x"), bytes("y")), ScanOptions.FORWARD);
      assertEquals(List.of(holder(first, 2, 0), holder(second, 0, 1)), holders(store));
      assertEquals(List.of(), store.locks().waiters());

      Thread waiter = Thread.ofVirtual().start(() -> third.getForUpdate(bytes("a")));
      while (store.locks().waiters().isEmpty()) {
        Thread.yield();
      }
      LockView.Waiter seen = store.locks().waiters().getFirst();
      assertEquals(
          new LockView.Waiter(third.id(), KeyRange.point(bytes("a")), true, Set.of(first.id()), seen.waitedNanos()), seen);
      LockView later = store.locks();
      assertTrue(later.waiters().getFirst().waitedNanos() > seen.waitedNanos());
      assertTrue(later.holders().getFirst().heldNanos() > later.waiters().getFirst().waitedNanos(), "who came first has held for longer");
      first.commit();
      waiter.join();
      assertTrue(store.locks().waiters().isEmpty());
      assertEquals(List.of(holder(second, 0, 1), holder(third, 1, 0)), holders(store));
    }
  }

  private static LockView.Holder holder(KvTransaction transaction, int keys, int ranges) {
    return new LockView.Holder(transaction.id(), keys, ranges, 0);
  }

  private static List<LockView.Holder> holders(EmbeddedStore store) {
    return store.locks().holders().stream().map(each -> new LockView.Holder(each.transaction(), each.keys(), each.ranges(), 0)).toList();
  }
}
