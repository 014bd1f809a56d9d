package org.treatydb.kv.enclave.writes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;

/** The budget refuses what does not fit, and nothing else. */
class WriteBudgetTest {

  private final WriteBudget budget = new WriteBudget(100);

  @Test
  void refusesWhatDoesNotFitAndTakesNothingThen() {
    budget.take(60);
    assertThrows(KvException.InvalidRequest.class, () -> budget.take(41));
    assertEquals(60, budget.taken());
    budget.take(40);
    budget.giveBack(100);
    assertEquals(0, budget.taken());
  }

  @Test
  void whoIsRefusedDoesNotTakeRoomFromOthers() {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> greedy = CompletableFuture.runAsync(() -> {
      while (!done.get()) {
        assertThrows(KvException.InvalidRequest.class, () -> budget.take(1000));
      }
    });
    for (int i = 0; i < 20_000; i++) {
      budget.take(100);
      budget.giveBack(100);
    }
    done.set(true);
    greedy.join();
  }
}
