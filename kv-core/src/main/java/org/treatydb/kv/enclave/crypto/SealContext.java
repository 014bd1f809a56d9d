package org.treatydb.kv.enclave.crypto;

import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * What a sealed piece is and where it belongs: the associated data of its seal. A piece put anywhere else, or into
 * another store, does not open. Each kind begins with a code of its own, so that no two kinds' associated data can be
 * equal.
 */
public sealed interface SealContext {

  byte[] encode();

  /** A batch of a log: bound to its place by the counter, and to all before it by the digest. */
  record LogBatch(StoreId store, LogName log, long epoch, long firstCounter, int records, byte[] previousDigest) implements SealContext {
    @Override
    public byte[] encode() {
      return start(1, store, 64).u8(log.code()).i64(epoch).i64(firstCounter).i32(records).raw(previousDigest).toByteArray();
    }
  }

  /** A frame of a leaf: one flush writes at most one frame to a leaf, so (leaf, flush) names it for ever. */
  record Frame(StoreId store, long leafId, long flushId, int position, int codec, int rawBytes) implements SealContext {
    @Override
    public byte[] encode() {
      return start(2, store, 48).i64(leafId).i64(flushId).i32(position).u8(codec).i32(rawBytes).toByteArray();
    }
  }

  /** A value of a memtable, in host memory. */
  record MemoryValue(long place) implements SealContext {
    @Override
    public byte[] encode() {
      return new ByteWriter(16).u8(3).i64(place).toByteArray();
    }
  }

  /** The store key, wrapped under the root key. */
  record StoreKey(StoreId store, byte[] derivation) implements SealContext {
    @Override
    public byte[] encode() {
      return start(4, store, 64).bytes(derivation).toByteArray();
    }
  }

  /** What a node of a cluster, {@code member}, holds of the other nodes' trusted counters. */
  record CountersOfOthers(int member) implements SealContext {
    @Override
    public byte[] encode() {
      return new ByteWriter(16).u8(5).i32(member).toByteArray();
    }
  }

  private static ByteWriter start(int kind, StoreId store, int more) {
    return new ByteWriter(1 + StoreId.BYTES + more).u8(kind).raw(store.bytes());
  }
}
