package org.treatydb.dist.enclave.deadlock;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** Who waits for whom on one node, format 1: format, number of waiters, of each the transaction, the number of its blockers, and these. */
final class WaitsCodec {

  private static final int FORMAT = 1;

  private WaitsCodec() {}

  static byte[] encode(Map<TransactionId, Set<TransactionId>> waits) {
    ByteWriter out = new ByteWriter(256).u8(FORMAT).varint(waits.size());
    waits.forEach((waiter, blockers) -> {
      BranchCodec.encode(waiter, out);
      out.varint(blockers.size());
      blockers.forEach(blocker -> BranchCodec.encode(blocker, out));
    });
    return out.toByteArray();
  }

  static Map<TransactionId, Set<TransactionId>> decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    int count = in.varint(in.remaining());
    Map<TransactionId, Set<TransactionId>> waits = new HashMap<>();
    for (int i = 0; i < count; i++) {
      TransactionId waiter = BranchCodec.transaction(in);
      int blockers = in.varint(in.remaining());
      Set<TransactionId> blocking = new HashSet<>();
      for (int j = 0; j < blockers; j++) {
        blocking.add(BranchCodec.transaction(in));
      }
      waits.put(waiter, blocking);
    }
    in.expectEnd();
    return waits;
  }
}
