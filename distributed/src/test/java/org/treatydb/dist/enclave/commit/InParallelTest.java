package org.treatydb.dist.enclave.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InParallelTest {

  private final InParallel parallel = new InParallel(Thread.ofVirtual().factory());

  @Test
  void resultsComeInTheOrderOfTheWork() {
    assertEquals(List.of(), parallel.all(List.<Supplier<Integer>>of()));
    assertEquals(List.of(1, 2, 3), parallel.all(List.<Supplier<Integer>>of(() -> 1, () -> 2, () -> 3)));
  }

  @Test
  void whatFailsIsThrownWhenAllHasEnded() {
    AtomicInteger ended = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException("failed");
    Supplier<Integer> failing = () -> {
      throw failure;
    };
    assertSame(failure, assertThrows(
        IllegalStateException.class, () -> parallel.all(List.of(failing, ended::incrementAndGet, ended::incrementAndGet))));
    assertEquals(2, ended.get());
  }

  @Test
  void anErrorOfAnotherThreadIsThrownWithWhereItCameFrom() {
    AssertionError error = new AssertionError("broken");
    Supplier<Integer> broken = () -> {
      throw error;
    };
    assertSame(error, assertThrows(CompletionException.class, () -> parallel.all(List.of(broken, () -> 1))).getCause());
  }
}
