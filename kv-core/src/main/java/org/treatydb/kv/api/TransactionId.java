package org.treatydb.kv.api;

/**
 * Names one transaction for ever: no two share an id, over all nodes, boots and time.
 *
 * @param node the coordinating node; 0 for an embedded store; below 0 for what a node of a cluster does on its own
 *     keys alone
 * @param bootEpoch the epoch that node's trusted counter bound at its start, so a restart never repeats an id
 * @param sequence counts the transactions of that boot
 */
public record TransactionId(int node, long bootEpoch, long sequence) {

  @Override
  public String toString() {
    return node + "." + bootEpoch + "." + sequence;
  }
}
