package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/** Some coordinators that use one node: it must remember its votes, and its clock must never go back. */
final class Voters implements StoreLife.Tenant {

  private static final int VOTERS_MAX = 3;
  private static final int STEPS_MAX = 40;

  private final Random random;
  private final List<Voter> voters;
  private long clockRead;

  Voters(Random random) {
    this.random = random;
    this.voters = IntStream.rangeClosed(1, 1 + random.nextInt(VOTERS_MAX)).mapToObj(i -> new Voter(i, random.nextLong())).toList();
  }

  @Override
  public void work(KvStore store) {
    ParticipantStore participant = (ParticipantStore) store;
    int steps = random.nextInt(STEPS_MAX);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      voters.forEach(voter -> work.add(threads.submit(() -> voter.work(participant, steps))));
      for (Future<?> each : work) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("a voter met " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    readClock(participant);
  }

  /** What others are told is one thing; what the node has answered for is what it must keep. */
  private void readClock(ParticipantStore participant) {
    try {
      long read = participant.clock() + random.nextInt(1 << 24);
      participant.mergeClock(read);
      clockRead = read;
    } catch (KvException.Unavailable e) {
      // The store has failed.
    }
  }

  @Override
  public void check(KvStore store) {
    ParticipantStore participant = (ParticipantStore) store;
    assertTrue(participant.clock() >= clockRead, "the clock went back");
    Set<TransactionId> inDoubt = new HashSet<>(participant.inDoubt());
    for (Voter voter : voters) {
      Set<TransactionId> own = new HashSet<>(inDoubt);
      own.removeIf(id -> !voter.owns(id));
      inDoubt.removeAll(own);
      voter.check(participant, own);
    }
    assertEquals(Set.of(), inDoubt, "in doubt, and nobody's");
    if (voters.stream().allMatch(Voter::isSettled)) {
      NavigableMap<String, String> all = new TreeMap<>();
      voters.forEach(voter -> all.putAll(voter.committed()));
      assertEquals(all, Writers.scan(store, ScanOptions.FORWARD), "a snapshot of all");
    }
  }
}
