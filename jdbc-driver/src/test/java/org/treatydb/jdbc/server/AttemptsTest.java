package org.treatydb.jdbc.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who tries passwords, on a clock that stands still. */
class AttemptsTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long nanos = 1;
  private final Attempts attempts = new Attempts(() -> nanos);

  private void fail(String user, String network, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(0, attempts.begin(user, network), "attempt " + i);
    }
  }

  @Test
  void aNetworkHasSomeAttemptsAndThenMustWaitLongerAndLonger() {
    fail("ada", "n1", Attempts.FREE_BY_NETWORK);
    assertEquals(SECOND, attempts.begin("ada", "n1"));
    assertEquals(SECOND, attempts.begin("bob", "n1"));
    nanos += SECOND;
    fail("ada", "n1", 1);
    assertEquals(2 * SECOND, attempts.begin("ada", "n1"));
    nanos += 2 * SECOND;
    fail("ada", "n1", 1);
    assertEquals(4 * SECOND, attempts.begin("ada", "n1"));
  }

  @Test
  void thePauseHasAnEnd() {
    for (int i = 0; i < 100; i++) {
      long wait = attempts.begin("ada", "n1");
      assertTrue(wait <= Attempts.PAUSE_SECONDS_MAX * SECOND);
      nanos += wait;
    }
  }

  @Test
  void whoAsksAgainTooEarlyWaitsNoLongerForThat() {
    fail("ada", "n1", Attempts.FREE_BY_NETWORK);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(SECOND, attempts.begin("ada", "n1"));
    }
  }

  @Test
  void othersAreNotHeldUp() {
    fail("ada", "n1", Attempts.FREE_BY_NETWORK);
    assertEquals(0, attempts.begin("ada", "n2"));
    assertEquals(0, attempts.begin("bob", "n3"));
  }

  @Test
  void manyNetworksGetNoFurtherWithOneUserAndCannotLockHimOut() {
    for (int network = 0; network < Attempts.FREE_BY_USER + 5; network++) {
      fail("ada", "n" + network, 1);
    }
    for (int network = 0; network < Attempts.FREE_BY_USER + 5; network++) {
      assertEquals(Attempts.PAUSE_SECONDS_MAX * SECOND, attempts.begin("ada", "n" + network));
    }
    assertEquals(0, attempts.begin("ada", "where ada is"));
    // The control: another user is tried from those networks without a pause.
    fail("bob", "n0", 1);
  }

  @Test
  void attemptsThatWereRightAreNotCounted() {
    for (int i = 0; i < 10 * Attempts.FREE_BY_USER; i++) {
      assertEquals(0, attempts.begin("ada", "n1"));
      attempts.succeeded("ada", "n1");
    }
    // And who has a password of his own does not wipe out his attempts with those of others.
    for (int i = 0; i < Attempts.FREE_BY_NETWORK; i++) {
      fail("ada", "n1", 1);
      if (attempts.begin("mallory", "n1") == 0) {
        attempts.succeeded("mallory", "n1");
      }
    }
    assertEquals(SECOND, attempts.begin("ada", "n1"));
  }

  @Test
  void countsSinkWithTime() {
    fail("ada", "n1", Attempts.FREE_BY_NETWORK);
    nanos += TimeUnit.SECONDS.toNanos(Attempts.SINK_SECONDS);
    fail("ada", "n1", 1);
    assertEquals(SECOND, attempts.begin("ada", "n1"));
    nanos += 100 * TimeUnit.SECONDS.toNanos(Attempts.SINK_SECONDS);
    fail("ada", "n1", Attempts.FREE_BY_NETWORK);
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int i = 0; i < 5 * Attempts.ENTRIES_MAX; i++) {
      attempts.begin("user " + i, "network " + i);
    }
    assertTrue(attempts.remembered() <= 3L * Attempts.ENTRIES_MAX, "remembers " + attempts.remembered());
  }
}
