package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.SystemClock;

/** Transfers between accounts on two nodes, by a coordinator as simple as can be: every snapshot of both holds all the money. */
@Timeout(120)
class TwoNodeTransfersTest {

  private static final StoreLimits SMALL =
      new StoreLimits(16 << 10, 2, 1 << 20, 4, new SealedLog.Limits(8 << 10, 1 << 20, 32 << 20));
  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final int ACCOUNTS = 6;
  private static final long EACH = 100;
  private static final int TRANSFERS = 150;
  private static final int THREADS = 4;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicInteger committed = new AtomicInteger();
  private final List<MemoryHost> hosts = List.of(
      new MemoryHost(new MemorySealedStore(), new SystemClock()), new MemoryHost(new MemorySealedStore(), new SystemClock()));

  private record Cluster(List<TransactionalStore> nodes) {

    long clock() {
      return Math.max(nodes.get(0).clock(), nodes.get(1).clock());
    }
  }

  private TransactionId id() {
    return new TransactionId(9, 1, sequence.incrementAndGet());
  }

  private static byte[] key(int account) {
    return ("account" + account).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] money(long amount) {
    return (amount + " ".repeat(300)).getBytes(StandardCharsets.UTF_8);
  }

  private static long money(byte[] value) {
    return Long.parseLong(new String(value, StandardCharsets.UTF_8).strip());
  }

  private Branch begin(Cluster cluster, int node, TransactionId id, ConcurrencyControl control, long timestamp) {
    TransactionOptions options = TransactionOptions.READ_WRITE.withLockTimeout(PATIENCE).withConcurrencyControl(control);
    return control == ConcurrencyControl.PESSIMISTIC
        ? cluster.nodes.get(node).beginBranch(id, options) : cluster.nodes.get(node).beginBranch(id, options, timestamp);
  }

  private static void add(Branch branch, int account, long amount) {
    branch.put(key(account), money(money(branch.getForUpdate(key(account))) + amount));
  }

  private void transfer(Cluster cluster, Random random, ConcurrencyControl control) {
    TransactionId id = id();
    long begun = cluster.clock();
    int from = random.nextInt(2);
    List<Integer> voted = new ArrayList<>();
    try (Branch payer = begin(cluster, from, id, control, begun); Branch payee = begin(cluster, 1 - from, id, control, begun)) {
      long amount = random.nextInt(10);
      add(payer, random.nextInt(ACCOUNTS), -amount);
      add(payee, random.nextInt(ACCOUNTS), amount);
      long timestamp = payer.prepare(begun).timestamp();
      voted.add(from);
      timestamp = Math.max(timestamp, payee.prepare(begun).timestamp());
      voted.add(1 - from);
      if (random.nextInt(8) > 0) {
        voted.clear();
        cluster.nodes.get(1 - from).commitPrepared(id, timestamp);
        Thread.yield();
        cluster.nodes.get(from).commitPrepared(id, timestamp);
        committed.incrementAndGet();
      }
    } catch (KvException.Retryable e) {
      // Aborted.
    } finally {
      voted.forEach(node -> cluster.nodes.get(node).abortPrepared(id));
    }
  }

  private static long sum(KvTransaction reader) {
    long sum = 0;
    try (KvCursor cursor = reader.scan(KeyRange.ALL)) {
      while (cursor.next()) {
        sum += money(cursor.value());
      }
    }
    return sum;
  }

  private void audit(Cluster cluster) {
    TransactionId id = id();
    long timestamp = cluster.clock();
    try (Branch one = cluster.nodes.get(0).beginBranch(id, TransactionOptions.READ_ONLY, timestamp)) {
      long first = sum(one);
      Thread.yield();
      try (Branch other = cluster.nodes.get(1).beginBranch(id, TransactionOptions.READ_ONLY, timestamp)) {
        assertEquals(2 * ACCOUNTS * EACH, first + sum(other), "all the money at " + timestamp + ", seed " + seed);
      }
    }
  }

  private Cluster open() {
    return new Cluster(hosts.stream().map(host -> host.openNode(SMALL)).toList());
  }

  private void work(Cluster cluster, ConcurrencyControl control) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        all.add(threads.submit(() -> {
          for (int round = 0; round < TRANSFERS; round++) {
            transfer(cluster, random, control);
          }
        }));
        all.add(threads.submit(() -> {
          for (int round = 0; round < TRANSFERS; round++) {
            audit(cluster);
          }
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a worker met " + e.getCause() + ", seed " + seed, e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @ParameterizedTest
  @EnumSource(ConcurrencyControl.class)
  void everySnapshotHoldsAllTheMoney(ConcurrencyControl control) {
    for (int boot = 0; boot < 2; boot++) {
      Cluster cluster = open();
      if (boot == 0) {
        cluster.nodes.forEach(node -> node.run(transaction -> {
          for (int account = 0; account < ACCOUNTS; account++) {
            transaction.put(key(account), money(EACH));
          }
          return null;
        }));
      }
      work(cluster, control);
      audit(cluster);
      cluster.nodes.forEach(node -> assertEquals(List.of(), node.inDoubt()));
      cluster.nodes.forEach(TransactionalStore::close);
    }
    assertTrue(committed.get() > 0, "nothing was committed");
  }
}
