package org.treatydb.jdbc.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Slows down those who try passwords. Each attempt is counted for the network it comes from and for the user it is for, until it turns out
 * to be right; a count sinks by one every {@value #SINK_SECONDS} seconds.
 *
 * <p>From a network with more than {@value #FREE_BY_NETWORK}, attempts must be apart: a second, two, four, at most {@value
 * #PAUSE_SECONDS_MAX}. For a user with more than {@value #FREE_BY_USER}, those of each network must be, so that who tries from many gets no
 * further; but the first one from a network is always heard, so that nobody can lock a user out from elsewhere.
 *
 * <p>Of each kind, {@value #ENTRIES_MAX} are remembered. Thread-safe.
 */
final class Attempts {

  static final int FREE_BY_NETWORK = 10;
  static final int FREE_BY_USER = 20;
  static final int PAUSE_SECONDS_MAX = 32;
  static final int SINK_SECONDS = 30;
  static final int ENTRIES_MAX = 10_000;

  private static final long SINK_NANOS = TimeUnit.SECONDS.toNanos(SINK_SECONDS);
  private static final long REMEMBERED_SECONDS = 3_600;
  private static final int NAME_CHARACTERS_MAX = 200;

  private final LongSupplier nanoTime;
  private final Cache<String, Count> byNetwork;
  private final Cache<String, Count> byUser;
  /** When a network has last tried a user. */
  private final Cache<Pair, Long> last;

  private record Pair(String user, String network) {}

  /** {@code level} at {@code atNanos}, from when on it sinks. */
  private record Count(int level, long atNanos, long lastNanos) {

    Count at(long nowNanos) {
      long sunk = (nowNanos - atNanos) / SINK_NANOS;
      return sunk <= 0 ? this : new Count((int) Math.max(0, level - sunk), atNanos + sunk * SINK_NANOS, lastNanos);
    }
  }

  Attempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.byNetwork = cache();
    this.byUser = cache();
    this.last = cache();
  }

  private <K, V> Cache<K, V> cache() {
    return Caffeine.newBuilder().maximumSize(ENTRIES_MAX).expireAfterWrite(REMEMBERED_SECONDS, TimeUnit.SECONDS)
        .ticker(nanoTime::getAsLong).executor(Runnable::run).build();
  }

  /**
   * Counts an attempt, if one may be made now.
   *
   * @return 0, or in how many nanoseconds the next one may be made
   */
  long begin(String user, String network) {
    String name = shortened(user);
    long now = nanoTime.getAsLong();
    long wait = 0;
    Count ofNetwork = byNetwork.getIfPresent(network);
    if (ofNetwork != null) {
      wait = pauseNanos(ofNetwork.at(now).level - FREE_BY_NETWORK) - (now - ofNetwork.lastNanos);
    }
    Count ofUser = byUser.getIfPresent(name);
    Long before = last.getIfPresent(new Pair(name, network));
    if (ofUser != null && before != null) {
      wait = Math.max(wait, pauseNanos(ofUser.at(now).level - FREE_BY_USER) - (now - before));
    }
    if (wait > 0) {
      return wait;
    }
    add(byNetwork, network, 1, now);
    add(byUser, name, 1, now);
    last.put(new Pair(name, network), now);
    return 0;
  }

  /** The attempt was right, and is not counted. */
  void succeeded(String user, String network) {
    long now = nanoTime.getAsLong();
    add(byNetwork, network, -1, now);
    add(byUser, shortened(user), -1, now);
  }

  /** How much is remembered, of all kinds. */
  long remembered() {
    byNetwork.cleanUp();
    byUser.cleanUp();
    last.cleanUp();
    return byNetwork.estimatedSize() + byUser.estimatedSize() + last.estimatedSize();
  }

  private static void add(Cache<String, Count> counts, String key, int change, long now) {
    counts.asMap().compute(key, (_, before) -> {
      Count present = before == null ? new Count(0, now, now) : before.at(now);
      return new Count(Math.max(0, present.level + change), present.level == 0 ? now : present.atNanos, now);
    });
  }

  /** A name may be as long as a header. */
  private static String shortened(String user) {
    return user.length() <= NAME_CHARACTERS_MAX ? user : user.substring(0, NAME_CHARACTERS_MAX) + user.hashCode();
  }

  private static long pauseNanos(int beyond) {
    return beyond < 0 ? 0 : TimeUnit.SECONDS.toNanos(Math.min(PAUSE_SECONDS_MAX, 1L << Math.min(beyond, Integer.SIZE)));
  }
}
