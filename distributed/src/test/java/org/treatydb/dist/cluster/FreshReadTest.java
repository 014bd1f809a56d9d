package org.treatydb.dist.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.TransactionOptions;

/** Who begins after a commit was acknowledged sees it, also if the node whose clock is ahead does not tell it to him. */
class FreshReadTest {

  private static final ShardMap SHARDS = new ShardMap(1, List.of(new Shard(new byte[0], 1), new Shard(new byte[] {30}, 3)));
  /** The node whose host's clock is ahead of the others'. */
  private static final int AHEAD = 3;
  private static final byte[] KEY = {30};
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  @TempDir Path directory;

  @Test
  void aMajorityKnowsTheTimestampOfWhatWasCommitted() {
    assertArrayEquals(NEW, readAfterCommitElsewhere(true));
  }

  @Test
  void controlReadsAreStaleWhereTheRoundsOfTheCounterCarryNoClock() {
    assertArrayEquals(OLD, readAfterCommitElsewhere(false));
  }

  private byte[] readAfterCommitElsewhere(boolean carriesClocks) {
    try (LocalCluster cluster = new LocalCluster(directory, 3, SHARDS, carriesClocks)) {
      write(cluster, 1, OLD);
      cluster.network.loseRequests((to, request) -> to == AHEAD && Service.of(request).equals(Optional.of(Service.CLOCK)));
      write(cluster, AHEAD, NEW);
      return cluster.store(1).run(TransactionOptions.READ_ONLY, transaction -> transaction.get(KEY));
    }
  }

  private static void write(LocalCluster cluster, int coordinator, byte[] value) {
    cluster.store(coordinator).run(transaction -> {
      transaction.put(KEY, value);
      return null;
    });
  }
}
