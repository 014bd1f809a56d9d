package org.treatydb.kv.enclave.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallGateTest {

  private static final int GATES = 20_000;

  /** A gate, and whether somebody wishes that it be closed. */
  private static final class Wished {
    private final CallGate gate = new CallGate();
    private volatile boolean wish;

    /** Whether this call has closed it. */
    private boolean closed() {
      boolean in = gate.tryEnter();
      if (in) {
        gate.close();
      }
      return in;
    }
  }

  @Test
  void oneIsInsideAtATimeAndNobodyOnceItIsClosed() {
    CallGate gate = new CallGate();
    assertTrue(gate.tryEnter());
    assertTrue(gate.isBusy());
    assertFalse(gate.tryEnter());
    gate.leave();
    assertFalse(gate.isBusy());
    assertTrue(gate.tryEnter());
    gate.close();
    gate.leave();
    assertTrue(gate.isClosed());
    assertFalse(gate.isBusy());
    assertFalse(gate.tryEnter());
  }

  /** One goes out and looks for a wish, the other leaves a wish and tries to come in: no wish is overlooked by both. */
  @Test
  void aWishToCloseItIsNeverOverlooked() throws InterruptedException {
    List<Wished> all = Stream.generate(Wished::new).limit(GATES).toList();
    all.forEach(each -> assertTrue(each.gate.tryEnter()));
    AtomicIntegerArray closed = new AtomicIntegerArray(GATES);
    AtomicInteger owners = new AtomicInteger();
    AtomicInteger enders = new AtomicInteger();
    Thread owner = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < GATES; i++) {
        meet(owners, enders);
        all.get(i).gate.leave();
        if (all.get(i).wish && all.get(i).closed()) {
          closed.incrementAndGet(i);
        }
      }
    });
    Thread ender = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < GATES; i++) {
        meet(enders, owners);
        all.get(i).wish = true;
        if (all.get(i).closed()) {
          closed.incrementAndGet(i);
        }
      }
    });
    owner.join();
    ender.join();
    for (int i = 0; i < GATES; i++) {
      assertEquals(1, closed.get(i), "gate " + i);
    }
  }

  /** Returns when both have come equally far. */
  private static void meet(AtomicInteger mine, AtomicInteger other) {
    int step = mine.incrementAndGet();
    while (other.get() < step) {
      Thread.onSpinWait();
    }
  }
}
