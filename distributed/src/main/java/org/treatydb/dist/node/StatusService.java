package org.treatydb.dist.node;

import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;

/** Tells other nodes how this one is. Thread-safe. */
record StatusService(ClusterNode node) implements Transport.Handler {

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    return node.status().encode();
  }
}
