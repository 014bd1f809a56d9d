package org.treatydb.kv.crash;

import java.util.Optional;
import java.util.Random;

/**
 * When a boot loses power: at its {@code number}-th effect of that kind, or of any.
 *
 * @param number from 1 on; {@link Long#MAX_VALUE} for never
 */
public record CrashPoint(Optional<Effect> kind, long number) {

  public static final CrashPoint NEVER = new CrashPoint(Optional.empty(), Long.MAX_VALUE);

  /** The creation of the store is interrupted. */
  static final CrashPoint REGISTRATION = new CrashPoint(Optional.of(Effect.REGISTER), 1);

  /** About as often while the store is opened as while it works. */
  static CrashPoint random(Random random) {
    if (random.nextBoolean()) {
      Effect kind = Effect.values()[random.nextInt(Effect.values().length)];
      return new CrashPoint(Optional.of(kind), random.nextBoolean() ? 1 : 1 + random.nextInt(30));
    }
    return new CrashPoint(Optional.empty(), 1 + random.nextInt(random.nextBoolean() ? 15 : 400));
  }

  @Override
  public String toString() {
    return number == Long.MAX_VALUE ? "no effect" : "effect " + number + kind.map(each -> " of kind " + each).orElse("");
  }
}
