package org.treatydb.dist.cluster;

import java.util.List;
import java.util.Random;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;

/** A cluster's store whose ranges move from node to node, a few neighbours at a time, as long as it is open, which the cluster is, too. */
final class MovingRanges implements KvStore {

  private static final int NODES = 3;
  private static final int SHARDS_MAX = 6;
  /** A step takes a few rows. */
  private static final int STEP_BYTES = 200;

  private final LocalCluster cluster;
  private final KvStore store;
  private final Random random;
  private final Thread mover;
  private volatile boolean closing;

  MovingRanges(LocalCluster cluster, long seed) {
    this.cluster = cluster;
    this.store = cluster.anyNode();
    this.random = new Random(seed);
    this.mover = Thread.ofVirtual().start(this::moveOn);
  }

  private void moveOn() {
    while (!closing) {
      try {
        List<Shard> shards = cluster.shards.present().shards();
        int first = random.nextInt(shards.size());
        int end = first + 1 + random.nextInt(SHARDS_MAX);
        KeyRange range = new KeyRange(shards.get(first).start(), end < shards.size() ? shards.get(end).start() : null);
        cluster.node(1 + random.nextInt(NODES)).moves().move(range, 1 + random.nextInt(NODES), STEP_BYTES, _ -> { });
      } catch (KvException.Retryable e) {
        // Somebody held locks there for too long.
      }
    }
  }

  @Override
  public KvTransaction begin(TransactionOptions options) {
    return store.begin(options);
  }

  @Override
  public LockView locks() {
    return store.locks();
  }

  @Override
  public List<TransactionView> transactions() {
    return store.transactions();
  }

  @Override
  public void close() {
    closing = true;
    try {
      mover.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
  }
}
