package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.log.RecordCodec;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.host.memory.MemoryCounter;

/** A node's store on real files. */
@Timeout(60)
class NodeStoreTest {

  private static final TransactionId ID = new TransactionId(3, 1, 1);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final MemoryCounter counter = new MemoryCounter();

  private record Lines() implements RecordCodec<String> {
    @Override
    public void encode(String record, ByteWriter out) {
      out.bytes(record.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String decode(ByteReader in) {
      return new String(in.bytes(100), StandardCharsets.UTF_8);
    }
  }

  private static SecretKey key(int fill) {
    byte[] bytes = new byte[SecretKey.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return SecretKey.takeOver(bytes);
  }

  private Path data() {
    return directory.resolve("node");
  }

  private NodeStore open() {
    return NodeStore.open(2, data(), key(5), counter, EmbeddedStoreOptions.defaults());
  }

  private static List<String> clog(NodeStore node, String... more) {
    List<String> found = new ArrayList<>();
    SealedLog<String> log = node.openClog(new Lines(), (at, record) -> found.add(at + ":" + new Lines().decode(record)));
    for (String record : more) {
      log.awaitStable(log.append(record));
    }
    return found;
  }

  private static Branch.Vote prepare(NodeStore node) {
    Branch branch = node.beginBranch(ID, TransactionOptions.READ_WRITE);
    branch.put(bytes("a"), bytes("1"));
    return branch.prepare(0);
  }

  private void requireRollbackDetected() {
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> {
      try (NodeStore node = open()) {
        clog(node);
      }
    });
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code(), refused.getMessage());
  }

  private static List<Path> segments(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aNodesDataAndDecisionsAreThereAtTheNextBoot() {
    try (NodeStore node = open()) {
      assertEquals(1, node.bootEpoch());
      assertEquals(List.of(), clog(node, "commit 1", "commit 2"));
      TemporaryStore.put(node, "a", "0");
      prepare(node);
    }
    long told;
    try (NodeStore node = open()) {
      assertEquals(2, node.bootEpoch());
      assertEquals(List.of("1:commit 1", "2:commit 2"), clog(node, "commit 3"));
      assertEquals(List.of(ID), node.inDoubt());
      node.commitPrepared(ID, node.clock());
      told = node.clock();
    }
    try (NodeStore node = open()) {
      assertTrue(node.clock() >= told);
      assertEquals(List.of("1:commit 1", "2:commit 2", "3:commit 3"), clog(node));
      assertEquals(List.of(), node.inDoubt());
      try (KvTransaction transaction = node.begin(TransactionOptions.READ_ONLY)) {
        assertEquals("1", text(transaction.get(bytes("a"))));
        assertEquals(new TransactionId(-2, 3, 1), transaction.id());
      }
    }
  }

  @Test
  void anotherKeyOpensNothing() {
    open().close();
    KvException refused = assertThrows(
        KvException.Unavailable.class, () -> NodeStore.open(2, data(), key(6), counter, EmbeddedStoreOptions.defaults()));
    assertEquals(ErrorCode.WRONG_KEY, refused.code());
    open().close();
  }

  @Test
  void aDirectoryThatIsGoneIsMissed() {
    open().close();
    DirectoryCopy.remove(data());
    requireRollbackDetected();
  }

  @Test
  void olderDecisionsAreNotTakenForTheNewest() {
    try (NodeStore node = open()) {
      clog(node, "commit 1");
    }
    DirectoryCopy.of(data().resolve("clog"), directory.resolve("old"));
    try (NodeStore node = open()) {
      clog(node, "commit 2");
    }
    DirectoryCopy.of(directory.resolve("old"), data().resolve("clog"));
    requireRollbackDetected();
    DirectoryCopy.remove(data().resolve("clog"));
    requireRollbackDetected();
  }

  /** A boot that decides nothing leaves an empty segment, which alone looks like a log whose records were all dropped. */
  @Test
  void decisionsCannotAllBeCutOff() throws IOException {
    try (NodeStore node = open()) {
      clog(node, "commit 1");
    }
    try (NodeStore node = open()) {
      assertEquals(List.of("1:commit 1"), clog(node));
    }
    List<Path> segments = segments(data().resolve("clog"));
    assertEquals(2, segments.size());
    Files.delete(segments.getFirst());
    requireRollbackDetected();
  }

  @Test
  void aWalFromBeforeTheVoteIsNotTakenForTheNewest() {
    open().close();
    DirectoryCopy.of(data(), directory.resolve("old"));
    try (NodeStore node = open()) {
      prepare(node);
    }
    DirectoryCopy.of(directory.resolve("old").resolve("wal"), data().resolve("wal"));
    requireRollbackDetected();
  }

  /** The vote lies in front of what is in the leaves, where segments may be missing that nobody needs any more. */
  @Test
  void aVoteCannotBeCutOffTheBeginningOfTheWal() throws IOException {
    try (NodeStore node = open()) {
      TemporaryStore.put(node, "before", "1");
    }
    try (NodeStore node = open()) {
      prepare(node);
    }
    for (int boot = 0; boot < 3; boot++) {
      try (NodeStore node = open()) {
        TemporaryStore.put(node, "after" + boot, "1");
      }
    }
    List<Path> segments = segments(data().resolve("wal"));
    assertTrue(segments.size() > 3, "the vote's segment and those behind it: " + segments);
    DirectoryCopy.of(data(), directory.resolve("whole"));
    Files.delete(segments.getFirst());
    requireRollbackDetected();
    DirectoryCopy.of(directory.resolve("whole"), data());
    try (NodeStore node = open()) {
      assertEquals(List.of(ID), node.inDoubt());
      node.abortPrepared(ID);
      TemporaryStore.put(node, "b", "1");
    }
    // The control: decided and flushed, it is needed no longer, and its segment is gone without anybody's missing it.
    assertTrue(!Files.exists(segments.getFirst()), "kept for nothing: " + segments.getFirst());
    try (NodeStore node = open(); KvTransaction transaction = node.begin(TransactionOptions.READ_ONLY)) {
      assertNull(transaction.get(bytes("a")));
      assertEquals("1", text(transaction.get(bytes("after2"))));
    }
  }

  @Test
  void whatIsPutAroundTheHostIsUsed() {
    NodeStore node = NodeStore.open(
        2, data(), key(5), counter, EmbeddedStoreOptions.defaults(), host -> host.withClog(Optional.empty()));
    try (node) {
      assertThrows(IllegalStateException.class, () -> clog(node));
    }
  }
}
