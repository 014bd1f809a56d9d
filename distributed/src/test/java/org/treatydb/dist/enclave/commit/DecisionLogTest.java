package org.treatydb.dist.enclave.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.memory.MemoryCounter;

/** What the Clog remembers of ranges, over boots and over what is dropped from its beginning. */
class DecisionLogTest {

  private static final Holding GIVING = new Holding.Giving(new KeyRange(new byte[] {1}, new byte[] {2}), 3, 10, 20);
  private static final Holding TAKEN = new Holding.Taken(new KeyRange(new byte[] {3}, null), 30);
  private static final long MAP_VERSION = 40;

  @TempDir Path directory;
  private final MemoryCounter counter = new MemoryCounter();
  private final AtomicLong firstRecord = new AtomicLong();

  private NodeStore open() {
    return NodeStore.open(1, directory, SecretKey.takeOver(new byte[SecretKey.BYTES]), counter, EmbeddedStoreOptions.defaults());
  }

  private DecisionLog decisions(NodeStore store) {
    firstRecord.set(0);
    return new DecisionLog(store.bootEpoch(), replay -> store.openClog(new ClogCodec(), (number, record) -> {
      firstRecord.compareAndSet(0, number);
      replay.record(number, record);
    }), failure -> {
      throw failure;
    });
  }

  private void assertRemembered() {
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      assertEquals(List.of(GIVING, TAKEN), decisions.holdings().all());
      assertEquals(MAP_VERSION, decisions.mapVersion());
    }
  }

  @Test
  void rangesAreRememberedUntilTheyAreSettledAlsoIfTheLogIsCut() {
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      decisions.moving(GIVING);
      decisions.moving(TAKEN);
      decisions.settled(new KeyRange(new byte[0], new byte[] {1}), MAP_VERSION);
    }
    assertRemembered();
    assertEquals(1, firstRecord.get());
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      settleOften(decisions);
    }
    assertRemembered();
    assertTrue(firstRecord.get() > DecisionLog.FINISHED_PER_CHECKPOINT / 2, "the log still begins at record " + firstRecord);
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      decisions.settled(KeyRange.ALL, MAP_VERSION);
    }
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      assertEquals(List.of(), decisions.holdings().all());
    }
  }

  private static final TransactionId FIRST = new TransactionId(1, 1, 1);
  private static final TransactionId SECOND = new TransactionId(1, 1, 2);

  private static void settleOften(DecisionLog decisions) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < DecisionLog.FINISHED_PER_CHECKPOINT; i++) {
        byte[] key = ByteBuffer.allocate(5).put((byte) 2).putInt(i).array();
        threads.submit(() -> decisions.settled(KeyRange.point(key), 1));
      }
    }
  }

  /** The participants that have not acknowledged a decision have to learn it, however often the log is cut in between. */
  @Test
  void aDecisionThatIsNotAcknowledgedOutlivesTheLogsBeginning() {
    ClogRecord.Committed decision = new ClogRecord.Committed(FIRST, 50, List.of(2, 3));
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      decisions.begin(FIRST);
      decisions.commit(decision);
      settleOften(decisions);
      decisions.acknowledged(FIRST, 2);
      decisions.acknowledged(FIRST, 2);
      decisions.acknowledged(FIRST, 7);
      decisions.acknowledged(SECOND, 2);
      settleOften(decisions);
      assertEquals(List.of(new DecisionLog.Undelivered(decision, 3)), decisions.undelivered());
    }
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      assertTrue(firstRecord.get() > DecisionLog.FINISHED_PER_CHECKPOINT, "the log still begins at record " + firstRecord);
      assertEquals(
          List.of(new DecisionLog.Undelivered(decision, 2), new DecisionLog.Undelivered(decision, 3)), decisions.undelivered());
      assertEquals(new Outcome.Committed(50), decisions.outcome(FIRST));
      decisions.acknowledged(FIRST, 2);
      decisions.acknowledged(FIRST, 3);
      assertEquals(List.of(), decisions.undelivered());
      assertEquals(new Outcome.Committed(50), decisions.outcome(FIRST));
    }
  }

  @Test
  void whatIsOpenIsUndecidedAndWhatHasEndedOtherwiseIsAborted() {
    try (NodeStore store = open(); DecisionLog decisions = decisions(store)) {
      decisions.begin(FIRST);
      assertEquals(new Outcome.Undecided(), decisions.outcome(FIRST));
      assertEquals(new Outcome.Aborted(), decisions.outcome(SECOND));
      decisions.end(FIRST);
      assertEquals(new Outcome.Aborted(), decisions.outcome(FIRST));
      TransactionId ofALaterBoot = new TransactionId(1, store.bootEpoch() + 1, 1);
      assertEquals(new Outcome.Undecided(), decisions.outcome(ofALaterBoot));
      decisions.begin(SECOND);
      decisions.commit(new ClogRecord.Committed(SECOND, 60, List.of(2)));
      assertEquals(new Outcome.Committed(60), decisions.outcome(SECOND));
    }
  }
}
