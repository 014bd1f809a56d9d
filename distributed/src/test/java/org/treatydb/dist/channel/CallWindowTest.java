package org.treatydb.dist.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.channel.Nodes.LONG;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.dist.boundary.Transport;

@Timeout(60)
class CallWindowTest {

  private final CallWindow window = new CallWindow(3, 100);

  /** A thread that has come to the end of the line. */
  private Thread inLine(int callBytes, AtomicReference<Object> outcome) {
    Thread thread = Thread.ofPlatform().start(() -> {
      try {
        outcome.set(window.enter(callBytes, LONG));
      } catch (InterruptedException e) {
        outcome.set(e);
      }
    });
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void neitherTooManyCallsNorTooManyBytesAreUnderWay() throws InterruptedException {
    assertTrue(window.enter(60, 0));
    assertFalse(window.enter(60, 0));
    assertTrue(window.enter(20, 0));
    assertTrue(window.enter(20, 0));
    assertFalse(window.enter(0, 0));
    window.leave(20);
    assertTrue(window.enter(0, 0));
  }

  @Test
  void whoWaitsIsLetInWhenThereIsRoomForItAndNobodyOvertakesIt() throws InterruptedException {
    assertTrue(window.enter(50, 0));
    assertTrue(window.enter(50, 0));
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread large = inLine(60, outcome);
    assertFalse(window.enter(0, 0), "overtaken");
    window.leave(50);
    assertFalse(window.enter(10, 0), "overtaken");
    assertEquals(null, outcome.get());
    window.leave(50);
    large.join();
    assertEquals(true, outcome.get());
    assertFalse(window.enter(41, 0));
    assertTrue(window.enter(40, 0));
  }

  @Test
  void whoIsInterruptedLeavesTheLine() throws InterruptedException {
    assertTrue(window.enter(90, 0));
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread large = inLine(20, outcome);
    AtomicReference<Object> next = new AtomicReference<>();
    Thread small = inLine(10, next);
    large.interrupt();
    large.join();
    assertEquals(InterruptedException.class, outcome.get().getClass());
    small.join();
    assertEquals(true, next.get());
    window.leave(90);
    assertTrue(window.enter(90, 0));
  }

  @Test
  void limitsThatLetNothingThroughAreRefused() {
    long[] good = {Transport.MESSAGE_BYTES_MAX, 1, Transport.MESSAGE_BYTES_MAX, 1, 1, 1, 1, 1, 1};
    limits(good);
    for (Map.Entry<Integer, Long> bad : Map.<Integer, Long>of(
        0, 0L, 1, 0L, 2, Transport.MESSAGE_BYTES_MAX - 1L, 3, 0L, 4, 0L, 5, 0L, 6, 0L, 7, 0L, 8, 0L).entrySet()) {
      long[] changed = good.clone();
      changed[bad.getKey()] = bad.getValue();
      assertThrows(IllegalArgumentException.class, () -> limits(changed), "limit " + bad.getKey());
    }
    long[] tooLong = good.clone();
    tooLong[0]++;
    assertThrows(IllegalArgumentException.class, () -> limits(tooLong));
  }

  private static ChannelLimits limits(long[] each) {
    return new ChannelLimits(
        (int) each[0], (int) each[1], each[2], (int) each[3], (int) each[4], (int) each[5], (int) each[6], (int) each[7], (int) each[8]);
  }
}
