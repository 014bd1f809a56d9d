package org.treatydb.kv.enclave.txn;

import java.util.Arrays;
import java.util.Optional;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.version.EntryCursor;

/** Passes the entries of a range on, and knows how much of the range has been walked. Not thread-safe. */
final class WalkedScan implements EntryCursor {

  private final EntryCursor entries;
  private final KeyRange range;
  private final boolean reverse;
  private boolean begun;
  private boolean atEnd;

  WalkedScan(EntryCursor entries, KeyRange range, boolean reverse) {
    this.entries = entries;
    this.range = new KeyRange(range.start().clone(), range.end() == null ? null : range.end().clone());
    this.reverse = reverse;
  }

  /** The part of the range whose entries have been seen: up to the present one; all of it, once there are no more. */
  Optional<KeyRange> walked() {
    if (!begun) {
      return Optional.empty();
    }
    if (atEnd) {
      return Optional.of(range);
    }
    byte[] key = entries.key().clone();
    return Optional.of(reverse ? new KeyRange(key, range.end()) : new KeyRange(range.start(), Arrays.copyOf(key, key.length + 1)));
  }

  @Override
  public boolean next() {
    boolean wasAtEnd = atEnd;
    begun = true;
    atEnd = true;
    atEnd = wasAtEnd || !entries.next();
    return !atEnd;
  }

  @Override
  public byte[] key() {
    return entries.key();
  }

  @Override
  public long timestamp() {
    return entries.timestamp();
  }

  @Override
  public boolean isTombstone() {
    return entries.isTombstone();
  }

  @Override
  public byte[] value() {
    return entries.value();
  }
}
