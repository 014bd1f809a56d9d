package org.treatydb.dist.enclave.shard;

import java.util.HexFormat;

/**
 * Keys from {@code start} up to the next shard's start, and the node that has them.
 *
 * @param start not copied, must not change
 */
public record Shard(byte[] start, int node) {

  @Override
  public String toString() {
    return HexFormat.of().formatHex(start) + "… on node " + node;
  }
}
