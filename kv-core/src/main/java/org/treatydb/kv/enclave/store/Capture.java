package org.treatydb.kv.enclave.store;

import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.enclave.log.LogExtent;

/**
 * MANIFEST and WAL of one moment, which together with a checkpoint of the leaves from the same moment are a whole store.
 * Holds their segments until closed. Not thread-safe.
 */
public final class Capture implements AutoCloseable {

  private final LogExtent manifest;
  private final LogExtent wal;

  Capture(LogExtent manifest, LogExtent wal) {
    this.manifest = manifest;
    this.wal = wal;
  }

  /** The newest record of the WAL captured. */
  public long walRecord() {
    return wal.head().counter();
  }

  /** Copies both logs; returns the bytes copied, once they are durable. */
  public long copyTo(SealedLogStorage manifestTarget, SealedLogStorage walTarget) {
    return manifest.copyTo(manifestTarget) + wal.copyTo(walTarget);
  }

  @Override
  public void close() {
    try (manifest) {
      wal.close();
    }
  }
}
