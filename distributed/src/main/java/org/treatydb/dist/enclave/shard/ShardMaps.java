package org.treatydb.dist.enclave.shard;

import java.util.function.Supplier;

/**
 * The shard map as a node knows it, and the way to the one that counts, which the configuration service keeps. As it stands here, of a
 * cluster whose map stays as it is. Thread-safe.
 */
@FunctionalInterface
public interface ShardMaps extends Supplier<ShardMap> {

  /** The newest map that the node knows. */
  @Override
  ShardMap get();

  /** There is this map; the node takes it over if it knows none that is newer. */
  default void learn(ShardMap map) {
    // It stays as it is.
  }

  /**
   * The map that counts, which the node then knows.
   *
   * @throws org.treatydb.kv.api.KvException.Retryable if the service does not answer
   */
  default ShardMap newest() {
    return get();
  }

  /**
   * Replaces the map that counts by {@code next}, if it is of the version before still; the node then knows the map that counts.
   *
   * @return whether it was replaced by this call
   * @throws org.treatydb.kv.api.KvException.Retryable if the service does not answer: it may have replaced the map, or may do so yet
   */
  default boolean publish(ShardMap next) {
    throw new UnsupportedOperationException("this cluster's shard map stays as it is");
  }
}
