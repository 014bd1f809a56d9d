package org.treatydb.dist.enclave.counter;

/**
 * How long a node waits for those who count for it. All in nanoseconds.
 *
 * @param callNanos for one reply
 * @param retryNanos after a failed call, before the next to that member
 * @param renewalNanos between confirmations if there is nothing to confirm: so soon a restarted member is told again
 * @param confirmationNanos for a confirmation, before it fails
 * @param recoveryNanos for enough members at the start, before it fails
 */
public record CounterTimes(long callNanos, long retryNanos, long renewalNanos, long confirmationNanos, long recoveryNanos) {

  private static final long MILLISECOND = 1_000_000;

  /** 2 s for a reply, 50 ms between attempts, 250 ms between renewals, a minute for a confirmation, ten for recovery. */
  public static final CounterTimes DEFAULTS =
      new CounterTimes(2_000 * MILLISECOND, 50 * MILLISECOND, 250 * MILLISECOND, 60_000 * MILLISECOND, 600_000 * MILLISECOND);

  public CounterTimes {
    if (Math.min(Math.min(callNanos, retryNanos), Math.min(renewalNanos, Math.min(confirmationNanos, recoveryNanos))) <= 0) {
      throw new IllegalArgumentException("times are positive");
    }
  }
}
