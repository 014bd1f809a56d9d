package org.treatydb.dist.enclave.cas;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;

/**
 * The nonces that nodes are to put into their evidence, so that it must be new. Kept in memory: a restart forgets them, and whoever has one
 * asks for another. Thread-safe.
 */
final class Challenges {

  static final int NONCE_BYTES = 32;

  /** How many nonces are remembered; one more, and the oldest is forgotten. */
  static final int NONCES_MAX = 4096;

  /** How long a nonce may be used: a join takes milliseconds. */
  static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Clock clock;
  private final Entropy entropy;
  private final CasCheck.Choice checks;
  private final ReentrantLock lock = new ReentrantLock();
  /** By nonce, in hexadecimal digits, the time until which it may be used. */
  private final LinkedHashMap<String, Long> deadlinesNanos = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > NONCES_MAX;
    }
  };

  Challenges(Clock clock, Entropy entropy, CasCheck.Choice checks) {
    this.clock = clock;
    this.entropy = entropy;
    this.checks = checks;
  }

  /** A new nonce. */
  byte[] issue() {
    byte[] nonce = entropy.bytes(NONCE_BYTES);
    lock.lock();
    try {
      deadlinesNanos.put(HexFormat.of().formatHex(nonce), clock.nanoTime() + LIFETIME_NANOS);
    } finally {
      lock.unlock();
    }
    return nonce;
  }

  /**
   * Uses a nonce up.
   *
   * @throws RefusedException if it was not given out here, was used before, or has expired
   */
  void use(byte[] nonce) throws RefusedException {
    String key = HexFormat.of().formatHex(nonce);
    Long deadlineNanos;
    lock.lock();
    try {
      deadlineNanos = checks.own().contains(CasCheck.SINGLE_USE) ? deadlinesNanos.remove(key) : deadlinesNanos.get(key);
    } finally {
      lock.unlock();
    }
    if (deadlineNanos == null) {
      if (checks.own().contains(CasCheck.ISSUED)) {
        throw new RefusedException("its nonce is not one that this service has given out and nobody has used yet");
      }
    } else if (clock.nanoTime() - deadlineNanos > 0 && checks.own().contains(CasCheck.EXPIRY)) {
      throw new RefusedException("its nonce has expired");
    }
  }
}
