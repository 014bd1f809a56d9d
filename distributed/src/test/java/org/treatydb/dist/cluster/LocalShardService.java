package org.treatydb.dist.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** The shard map that counts, in this process, for nodes each of which knows one that may be older. Thread-safe. */
final class LocalShardService {

  /** So long a node goes without news. */
  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Integer> cutOff = ConcurrentHashMap.newKeySet();
  private final Set<Integer> deafOnce = ConcurrentHashMap.newKeySet();
  private volatile ShardMap present;

  LocalShardService(ShardMap first) {
    present = first;
  }

  ShardMap present() {
    return present;
  }

  /** {@code node} does not reach it any more. */
  void cutOff(int node) {
    cutOff.add(node);
  }

  /** The next map that {@code node} publishes is, and the node hears nothing any more. */
  void cutOffAfterPublication(int node) {
    deafOnce.add(node);
  }

  void heal() {
    cutOff.clear();
    deafOnce.clear();
  }

  private static KvException silent() {
    return new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "the service does not answer");
  }

  /** A boot's view of it: begins with the newest map, as a node that joins does; unless that is given. */
  ShardMaps of(int node, ShardMap first) {
    return new ShardMaps() {

      private final ReentrantLock own = new ReentrantLock();
      private ShardMap known = first;
      private long askedNanos = System.nanoTime();

      @Override
      public ShardMap get() {
        own.lock();
        try {
          if (System.nanoTime() - askedNanos > NEWS_NANOS && !cutOff.contains(node)) {
            learn(present);
            askedNanos = System.nanoTime();
          }
          return known;
        } finally {
          own.unlock();
        }
      }

      @Override
      public void learn(ShardMap map) {
        own.lock();
        try {
          known = map.version() > known.version() && !cutOff.contains(node) ? map : known;
        } finally {
          own.unlock();
        }
      }

      @Override
      public ShardMap newest() {
        if (cutOff.contains(node)) {
          throw silent();
        }
        learn(present);
        return get();
      }

      @Override
      public boolean publish(ShardMap next) {
        if (cutOff.contains(node)) {
          throw silent();
        }
        boolean replaced;
        lock.lock();
        try {
          replaced = next.version() == present.version() + 1;
          present = replaced ? next : present;
        } finally {
          lock.unlock();
        }
        if (deafOnce.remove(node)) {
          cutOff(node);
          throw silent();
        }
        learn(present);
        return replaced;
      }
    };
  }
}
