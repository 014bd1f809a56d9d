package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.host.system.SystemClock;

class CounterValuesTest {

  private static BootNonce nonce(int length, int last) {
    byte[] bytes = new byte[length];
    bytes[length - 1] = (byte) last;
    return new BootNonce(bytes);
  }

  @Test
  void aBootIsKnownByAllOfItsNonce() {
    assertEquals(nonce(BootNonce.BYTES, 1), nonce(BootNonce.BYTES, 1));
    assertNotEquals(nonce(BootNonce.BYTES, 1), nonce(BootNonce.BYTES, 2));
    assertNotEquals(nonce(BootNonce.BYTES, 1), "boot");
    assertThrows(IllegalArgumentException.class, () -> nonce(BootNonce.BYTES - 1, 1));
    assertThrows(IllegalArgumentException.class, () -> nonce(BootNonce.BYTES + 1, 1));
  }

  @Test
  void timesArePositive() {
    for (int zero = 0; zero < 5; zero++) {
      long[] nanos = {1, 1, 1, 1, 1};
      nanos[zero] = 0;
      assertThrows(IllegalArgumentException.class, () -> new CounterTimes(nanos[0], nanos[1], nanos[2], nanos[3], nanos[4]));
    }
    assertEquals(1, new CounterTimes(1, 1, 1, 1, 1).callNanos());
  }

  /** A node that counted for itself could forget what it wants. */
  @Test
  void aNodeNeverCountsForItself() {
    for (List<Integer> members : List.of(List.<Integer>of(), List.of(2, 1))) {
      assertThrows(KvException.InvalidRequest.class, () -> new QuorumCounter(
          1, members, true, null, new CounterCluster.TestClock(), CounterTimes.DEFAULTS, new SystemClock(), byte[]::new,
          Thread.ofVirtual().factory()));
    }
  }
}
