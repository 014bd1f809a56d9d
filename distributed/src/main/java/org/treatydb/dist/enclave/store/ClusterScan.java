package org.treatydb.dist.enclave.store;

import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * A scan over the shards, one after the other in key order, a page at a time: no node sends more than was asked for. Not thread-safe.
 */
final class ClusterScan implements EntryCursor {

  private final Iterator<ShardMap.Piece> pieces;
  private final ScanOptions options;
  private final IntFunction<RemoteBranch> branches;
  private final IntSupplier cursorNames;
  private RemoteBranch branch;
  private int cursor;
  private boolean open;
  private Iterator<KeyValue> page = List.<KeyValue>of().iterator();
  private KeyValue current;

  /** {@code pieces}: in the order of the scan. */
  ClusterScan(List<ShardMap.Piece> pieces, ScanOptions options, IntFunction<RemoteBranch> branches, IntSupplier cursorNames) {
    this.pieces = pieces.iterator();
    this.options = options;
    this.branches = branches;
    this.cursorNames = cursorNames;
  }

  @Override
  public boolean next() {
    while (!page.hasNext()) {
      if (open) {
        take(branch.call(new BranchRequest.Next(cursor)));
      } else if (pieces.hasNext()) {
        ShardMap.Piece piece = pieces.next();
        branch = branches.apply(piece.node());
        cursor = cursorNames.getAsInt();
        take(branch.call(new BranchRequest.Scan(cursor, piece.range(), options.reverse(), options.forUpdate())));
      } else {
        current = null;
        return false;
      }
    }
    current = page.next();
    return true;
  }

  private void take(BranchReply reply) {
    BranchReply.Page received = (BranchReply.Page) reply;
    page = received.entries().iterator();
    open = !received.last();
  }

  /** Closes what is open at a node, while the transaction goes on. A node that does not hear it closes it with its branch. */
  void close() {
    if (open) {
      open = false;
      try {
        branch.call(new BranchRequest.CloseCursor(cursor));
      } catch (KvException e) {
        page = List.<KeyValue>of().iterator();
      }
    }
  }

  /** The transaction has ended, and with it what is open at a node. */
  void forget() {
    open = false;
    page = List.<KeyValue>of().iterator();
  }

  @Override
  public byte[] key() {
    return current.key().clone();
  }

  /** Committed by somebody: older than anything this transaction has written. */
  @Override
  public long timestamp() {
    return 0;
  }

  @Override
  public boolean isTombstone() {
    return false;
  }

  @Override
  public byte[] value() {
    return current.value().clone();
  }
}
