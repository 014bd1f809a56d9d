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
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.api.KeyRange;
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
    try (NodeStore store = open(); DecisionLog decisions = decisions(store);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < DecisionLog.FINISHED_PER_CHECKPOINT; i++) {
        byte[] key = ByteBuffer.allocate(5).put((byte) 2).putInt(i).array();
        threads.submit(() -> decisions.settled(KeyRange.point(key), 1));
      }
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
}
