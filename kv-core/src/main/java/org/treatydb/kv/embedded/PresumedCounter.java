package org.treatydb.kv.embedded;

import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A counter whose state is given, to check a store against. Nothing can be registered, bound or confirmed. */
record PresumedCounter(Optional<TrustedCounter.State> read) implements TrustedCounter {

  @Override
  public void register(StoreId store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long bindEpoch(long present) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // Nothing to give back.
  }
}
