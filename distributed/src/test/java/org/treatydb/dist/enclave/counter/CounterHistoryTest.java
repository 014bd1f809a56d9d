package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.enclave.counter.CounterCluster.STORE;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.net.MemoryNetwork.Fate;
import org.treatydb.dist.net.MemoryNetwork.Message;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;

/**
 * Random work of many boots of one node, all alive together, while members forget, get back old disks and are cut off, boots sleep and
 * wake, and messages are lost: nothing confirmed is forgotten, and no boot confirms anything after a later one has begun.
 */
class CounterHistoryTest {

  private static final int HISTORIES = Integer.getInteger("counter.histories", 12);
  private static final int STEPS = 80;
  private static final CounterTimes SHORT = new CounterTimes(1_000_000_000, 200_000, 500_000, 15_000_000, 15_000_000);

  /** A boot that has bound an epoch, and the last record it wrote. */
  private record Boot(QuorumCounter counter, long epoch, long[] last) {}

  @Test
  void nothingConfirmedIsForgottenAndNoOldBootConfirms() {
    int confirmed = histories(HISTORIES, EnumSet.allOf(CounterCheck.class));
    assertTrue(confirmed > HISTORIES, "only " + confirmed + " confirmations");
  }

  @Test
  void withoutTheCheckOfEpochsThatIsNoticed() {
    assertThrows(AssertionError.class, () -> histories(1000, EnumSet.complementOf(EnumSet.of(CounterCheck.EPOCH))));
  }

  /** Runs histories of three and of five nodes; returns how many confirmations there were. */
  private static int histories(int count, Set<CounterCheck> checks) {
    long first = Long.getLong("seed", System.nanoTime());
    int confirmed = 0;
    for (long seed = first; seed < first + count; seed++) {
      int nodes = seed % 2 == 0 ? 3 : 5;
      try (CounterCluster cluster = new CounterCluster(nodes, checks)) {
        cluster.network.record(false);
        confirmed += new History(cluster, new Random(seed), nodes).run();
      } catch (AssertionError e) {
        throw new AssertionError("give -Dseed=" + seed + ", with threads it may take several attempts", e);
      }
    }
    return confirmed;
  }

  private static final class History {

    private final CounterCluster cluster;
    private final Random random;
    private final int nodes;
    private final List<Boot> boots = new ArrayList<>();
    private final Set<BootNonce> asleep = ConcurrentHashMap.newKeySet();
    private final Set<BootNonce> seen = ConcurrentHashMap.newKeySet();
    private final Map<Integer, List<byte[]>> oldDisks = new ConcurrentHashMap<>();
    private final Set<Integer> cut = new HashSet<>();
    private volatile int lostPercent;
    private LogHead confirmed = new LogHead(0, new byte[LogHead.DIGEST_BYTES]);
    private long newestEpoch;
    /** The newest boot, whose records are on the disk; none right after an adoption. */
    private Boot writer;
    private int confirmations;

    History(CounterCluster cluster, Random random, int nodes) {
      this.cluster = cluster;
      this.random = random;
      this.nodes = nodes;
    }

    int run() {
      QuorumCounter first = cluster.firstBoot(CounterCluster.PATIENT);
      first.confirm(1, LogName.WAL, head(1, 1));
      first.close();
      confirmed = head(1, 1);
      newestEpoch = 1;
      Random lots = new Random(random.nextLong());
      cluster.network.order(message -> isLost(message, lots) ? Fate.LOST : null);
      for (int step = 0; step < STEPS; step++) {
        int dice = random.nextInt(100);
        if (dice < 50 && !boots.isEmpty()) {
          confirm(boots.get(random.nextInt(boots.size())));
        } else if (dice < 65) {
          boot();
        } else if (dice < 78) {
          forget(2 + random.nextInt(nodes - 1));
        } else if (dice < 86) {
          cutOrMend(2 + random.nextInt(nodes - 1));
        } else if (dice < 94) {
          sleepOrWake();
        } else if (dice < 97) {
          lostPercent = random.nextBoolean() ? 0 : 20;
        } else {
          adopt();
        }
      }
      return confirmations;
    }

    private static LogHead head(long epoch, long counter) {
      byte[] digest = new byte[LogHead.DIGEST_BYTES];
      digest[0] = (byte) epoch;
      digest[1] = (byte) (epoch >> 8);
      digest[2] = (byte) counter;
      digest[3] = (byte) (counter >> 8);
      return new LogHead(counter, digest);
    }

    private boolean isLost(Message message, Random lots) {
      if (!message.isReply()) {
        BootNonce boot = CounterCluster.decode(message).boot();
        seen.add(boot);
        if (asleep.contains(boot)) {
          return true;
        }
      }
      return lostPercent > 0 && lots.nextInt(100) < lostPercent;
    }

    private void confirm(Boot boot) {
      LogHead next = head(boot.epoch(), ++boot.last()[0]);
      boolean isNewest = boot.epoch() == newestEpoch;
      try {
        boot.counter().confirm(boot.epoch(), LogName.WAL, next);
      } catch (KvException e) {
        return;
      }
      assertTrue(isNewest, "the boot of epoch " + boot.epoch() + " confirms, while that of " + newestEpoch + " is bound");
      confirmed = next;
      confirmations++;
    }

    private void boot() {
      QuorumCounter counter = cluster.boot(SHORT);
      State state;
      long epoch;
      try {
        state = counter.read().orElseThrow();
        assertContainsConfirmed(state);
        epoch = counter.bindEpoch(state.bootEpoch());
      } catch (KvException e) {
        return;
      }
      assertTrue(epoch > newestEpoch, "epoch " + epoch + " was bound after " + newestEpoch);
      newestEpoch = epoch;
      confirmed = state.heads().get(LogName.WAL);
      writer = new Boot(counter, epoch, new long[] {confirmed.counter()});
      boots.add(writer);
    }

    private void assertContainsConfirmed(State state) {
      LogHead found = state.heads().get(LogName.WAL);
      assertTrue(found.counter() >= confirmed.counter(), found + " was read, " + confirmed + " was confirmed");
      if (found.counter() == confirmed.counter()) {
        assertEquals(confirmed, found);
      }
    }

    /** Restarts a member, with its disk as it was at some time, or empty. */
    private void forget(int member) {
      cluster.stop(member);
      List<byte[]> disks = oldDisks.computeIfAbsent(member, _ -> new ArrayList<>());
      byte[] newest = cluster.disks.get(member).bytes;
      if (newest != null) {
        disks.add(newest);
      }
      cluster.disks.get(member).bytes = disks.isEmpty() || random.nextInt(3) == 0 ? null : disks.get(random.nextInt(disks.size()));
      cluster.start(member);
    }

    private void cutOrMend(int member) {
      if (cut.remove(member)) {
        cluster.network.mend(member);
      } else if (cut.size() < (nodes - 1) / 2) {
        cut.add(member);
        cluster.network.cutOff(member);
      }
    }

    private void sleepOrWake() {
      for (BootNonce boot : List.copyOf(seen)) {
        if (random.nextInt(3) == 0) {
          asleep.add(boot);
        } else if (random.nextBoolean()) {
          asleep.remove(boot);
        }
      }
    }

    /** An operator who knows: the newest disk is that of the newest boot. */
    private void adopt() {
      cut.forEach(cluster.network::mend);
      cut.clear();
      lostPercent = 0;
      LogHead written = writer == null || writer.last()[0] == confirmed.counter() ? confirmed : head(writer.epoch(), writer.last()[0]);
      State disk = new State(STORE, newestEpoch, Map.of(LogName.WAL, written));
      try {
        State adopted = cluster.boot(SHORT).adopt(disk);
        newestEpoch = adopted.bootEpoch();
        confirmed = adopted.heads().get(LogName.WAL);
        writer = null;
      } catch (KvException e) {
        // Somebody remembers something else, or too few answer.
      }
    }
  }
}
