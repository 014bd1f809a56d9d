package org.treatydb.dist.node;

import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionOptions;

/** Whether a node has failed. */
public final class Trouble {

  private Trouble() {}

  /** What the node is giving away, and has not finished; empty if nothing. */
  public static String moving(ClusterNode node) {
    return node.status().moves();
  }

  /** Throws what ails the node. */
  public static void check(ClusterNode node) throws KvException {
    if (!node.status().trouble().isEmpty()) {
      node.store().begin(TransactionOptions.READ_WRITE).close();
    }
  }
}
