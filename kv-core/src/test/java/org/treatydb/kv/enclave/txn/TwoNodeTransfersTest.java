package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
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
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.host.memory.MemoryCounter;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.SystemClock;

/**
 * Transfers between accounts on two nodes, by a coordinator as simple as can be: every snapshot of both holds all the money. The nodes tell
 * each other their clocks when their counters confirm, so each clock is above all that shows on the other; and the hosts' clocks jump.
 */
@Timeout(120)
class TwoNodeTransfersTest {

  private static final StoreLimits SMALL =
      new StoreLimits(16 << 10, 2, 1 << 20, 4, new SealedLog.Limits(8 << 10, 1 << 20, 1 << 10));
  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final int ACCOUNTS = 6;
  private static final long EACH = 100;
  private static final int TRANSFERS = 150;
  private static final int THREADS = 4;
  /** A host's clock jumps by more than a node's may before it has to be told to the WAL. */
  private static final long JUMP_MILLIS = 20_000;
  private static final int JUMP_EVERY = 40;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicInteger committed = new AtomicInteger();
  private boolean tellsClocks = true;
  private final List<Node> nodes = List.of(new Node(), new Node());

  /** A host whose counter tells the other node the clock, and whose own clock may jump ahead. */
  private final class Node implements TrustedCounter, Clock {
    private final MemoryCounter counter = new MemoryCounter();
    private final SystemClock system = new SystemClock();
    private final AtomicLong aheadMillis = new AtomicLong();
    private final MemoryHost host = new MemoryHost(new MemorySealedStore(), this, this);
    private volatile TransactionalStore store;

    private void boot() {
      store = host.openNode(SMALL);
    }

    private void shutDown() {
      TransactionalStore closing = store;
      store = null;
      closing.close();
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      counter.confirm(bootEpoch, log, head);
      TransactionalStore own = store;
      TransactionalStore other = nodes.get(nodes.get(0) == this ? 1 : 0).store;
      if (tellsClocks && own != null && other != null) {
        other.mergeClock(own.clock());
      }
    }

    @Override
    public Optional<State> read() {
      return counter.read();
    }

    @Override
    public void register(StoreId id) {
      counter.register(id);
    }

    @Override
    public long bindEpoch(long present) {
      return counter.bindEpoch(present);
    }

    @Override
    public void close() {
      counter.close();
    }

    @Override
    public long currentTimeMillis() {
      return system.currentTimeMillis() + aheadMillis.get();
    }

    @Override
    public long nanoTime() {
      return system.nanoTime();
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
      system.parkUntil(blocker, deadlineNanos);
    }
  }

  private TransactionalStore store(int node) {
    return nodes.get(node).store;
  }

  /** As one of the nodes says: what was acknowledged is at or below it. */
  private long clock(Random random) {
    return store(random.nextInt(2)).clock();
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

  private Branch begin(int node, TransactionId id, ConcurrencyControl control, long timestamp) {
    TransactionOptions options = TransactionOptions.READ_WRITE.withLockTimeout(PATIENCE).withConcurrencyControl(control);
    return control == ConcurrencyControl.PESSIMISTIC
        ? store(node).beginBranch(id, options) : store(node).beginBranch(id, options, timestamp);
  }

  private static void add(Branch branch, int account, long amount) {
    branch.put(key(account), money(money(branch.getForUpdate(key(account))) + amount));
  }

  private void transfer(Random random, ConcurrencyControl control) {
    TransactionId id = id();
    long begun = clock(random);
    int from = random.nextInt(2);
    List<Integer> voted = new ArrayList<>();
    try (Branch payer = begin(from, id, control, begun); Branch payee = begin(1 - from, id, control, begun)) {
      long amount = random.nextInt(10);
      add(payer, random.nextInt(ACCOUNTS), -amount);
      add(payee, random.nextInt(ACCOUNTS), amount);
      long timestamp = payer.prepare(begun).timestamp();
      voted.add(from);
      timestamp = Math.max(timestamp, payee.prepare(begun).timestamp());
      voted.add(1 - from);
      if (random.nextInt(8) > 0) {
        voted.clear();
        store(1 - from).commitPrepared(id, timestamp);
        Thread.yield();
        store(from).commitPrepared(id, timestamp);
        committed.incrementAndGet();
      }
    } catch (KvException.Retryable e) {
      // Aborted.
    } finally {
      voted.forEach(node -> store(node).abortPrepared(id));
    }
    if (random.nextInt(JUMP_EVERY) == 0) {
      nodes.get(from).aheadMillis.addAndGet(JUMP_MILLIS);
    }
  }

  /** One node's, in one record; afterwards it shows, and no clock may be below it. */
  private void transferWithin(int node, Random random, ConcurrencyControl control) {
    try (Branch branch = begin(node, id(), control, clock(random))) {
      long amount = random.nextInt(10);
      add(branch, random.nextInt(ACCOUNTS), -amount);
      add(branch, random.nextInt(ACCOUNTS), amount);
      long timestamp = branch.commit(0, Long.MAX_VALUE);
      assertTrue(store(1 - node).clock() >= timestamp, "a commit shows that the other node's clock does not know of");
    } catch (KvException.Retryable e) {
      // Aborted.
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

  private void audit(Random random) {
    TransactionId id = id();
    long timestamp = clock(random);
    try (Branch one = store(0).beginBranch(id, TransactionOptions.READ_ONLY, timestamp)) {
      long first = sum(one);
      Thread.yield();
      try (Branch other = store(1).beginBranch(id, TransactionOptions.READ_ONLY, timestamp)) {
        assertEquals(2 * ACCOUNTS * EACH, first + sum(other), "all the money at " + timestamp + ", seed " + seed);
      }
    }
  }

  /** The control. */
  @Test
  void aClockThatIsNotToldFallsBehindWhatShows() {
    tellsClocks = false;
    AssertionError missed = assertThrows(AssertionError.class, () -> everySnapshotHoldsAllTheMoney(ConcurrencyControl.PESSIMISTIC));
    assertTrue(missed.getMessage().contains("does not know of"), missed.getMessage());
    nodes.forEach(Node::shutDown);
  }

  private void work(ConcurrencyControl control) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        all.add(threads.submit(() -> {
          for (int round = 0; round < TRANSFERS; round++) {
            transfer(random, control);
            transferWithin(random.nextInt(2), random, control);
          }
        }));
        Random auditor = new Random(seed - 1 - i);
        all.add(threads.submit(() -> {
          for (int round = 0; round < TRANSFERS; round++) {
            audit(auditor);
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
      nodes.forEach(Node::boot);
      if (boot == 0) {
        nodes.forEach(node -> node.store.run(transaction -> {
          for (int account = 0; account < ACCOUNTS; account++) {
            transaction.put(key(account), money(EACH));
          }
          return null;
        }));
      }
      work(control);
      audit(new Random(seed));
      nodes.forEach(node -> assertEquals(List.of(), node.store.inDoubt()));
      nodes.forEach(Node::shutDown);
    }
    assertTrue(committed.get() > 0, "nothing was committed");
  }
}
