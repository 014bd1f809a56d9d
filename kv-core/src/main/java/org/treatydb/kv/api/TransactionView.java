package org.treatydb.kv.api;

import java.time.Duration;

/**
 * An open transaction at one moment; for operators. Immutable.
 *
 * @param age since its begin
 * @param idle how long its owner has made no call, seen about once a second; zero during a call
 * @param writtenBytes memory that its writes take
 */
public record TransactionView(TransactionId id, Kind kind, Duration age, Duration idle, long writtenBytes) {

  /** What a transaction is. */
  public enum Kind { READ_ONLY, PESSIMISTIC, OPTIMISTIC }
}
