package org.treatydb.kv.enclave.version;

import java.util.Arrays;
import java.util.List;

/**
 * Merges cursors of several sources into one: for each key the newest of the sources' versions; keys whose newest
 * version is a tombstone are passed over. There are few sources (memtables, leaves), so each step looks at all of them.
 */
public final class MergedCursor implements EntryCursor {

  private final EntryCursor[] sources;
  private final boolean[] live;
  private final boolean reverse;
  private int current = -1;

  public MergedCursor(List<EntryCursor> sources, boolean reverse) {
    this.sources = sources.toArray(EntryCursor[]::new);
    this.live = new boolean[this.sources.length];
    this.reverse = reverse;
    for (int i = 0; i < live.length; i++) {
      live[i] = this.sources[i].next();
    }
  }

  @Override
  public boolean next() {
    do {
      if (current >= 0) {
        passCurrentKey();
      }
      current = first();
    } while (current >= 0 && sources[current].isTombstone());
    return current >= 0;
  }

  private int first() {
    int best = -1;
    for (int i = 0; i < sources.length; i++) {
      if (live[i] && (best < 0 || comesBefore(sources[i], sources[best]))) {
        best = i;
      }
    }
    return best;
  }

  private boolean comesBefore(EntryCursor a, EntryCursor b) {
    int byKey = Arrays.compareUnsigned(a.key(), b.key());
    return byKey == 0 ? a.timestamp() > b.timestamp() : reverse ? byKey > 0 : byKey < 0;
  }

  private void passCurrentKey() {
    byte[] key = sources[current].key();
    for (int i = 0; i < sources.length; i++) {
      if (live[i] && (i == current || Arrays.equals(sources[i].key(), key))) {
        live[i] = sources[i].next();
      }
    }
  }

  @Override
  public byte[] key() {
    return sources[current].key();
  }

  @Override
  public long timestamp() {
    return sources[current].timestamp();
  }

  @Override
  public boolean isTombstone() {
    return false;
  }

  @Override
  public byte[] value() {
    return sources[current].value();
  }
}
