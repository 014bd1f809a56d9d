package org.treatydb.jdbc.meta;

import org.treatydb.sql.api.Cancellation;

/**
 * How long the statements of a session may take.
 *
 * @param timer cancels those that take longer
 * @param defaultMillis the limit of a request that names none; 0 for no limit
 */
record StatementLimits(StatementTimer timer, long defaultMillis) {

  /** The limit that the request under way names; unbound or 0 if it names none. */
  static final ScopedValue<Long> REQUESTED_MILLIS = ScopedValue.newInstance();

  /** Cancels {@code work} when the request's time is up. */
  StatementTimer.Limit start(Cancellation work) {
    long requested = REQUESTED_MILLIS.orElse(0L);
    return timer.start(requested > 0 ? requested : defaultMillis, work);
  }
}
