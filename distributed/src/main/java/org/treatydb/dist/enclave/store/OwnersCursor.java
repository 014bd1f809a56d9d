package org.treatydb.dist.enclave.store;

import org.treatydb.kv.api.KvCursor;

/** A cursor that its owner closes while the transaction goes on: then the node is told that it may forget it. Not thread-safe. */
record OwnersCursor(KvCursor cursor, ClusterScan scan) implements KvCursor {

  @Override
  public boolean next() {
    return cursor.next();
  }

  @Override
  public byte[] key() {
    return cursor.key();
  }

  @Override
  public byte[] value() {
    return cursor.value();
  }

  @Override
  public void close() {
    scan.close();
    cursor.close();
  }
}
