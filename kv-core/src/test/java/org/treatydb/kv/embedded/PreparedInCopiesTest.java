package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.log.RecordCodec;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.KeyFile;
import org.treatydb.kv.host.file.StateDirectory;

/** What is prepared in a node's store is in its copies, too, and whoever handles the store at rest leaves it alone. */
class PreparedInCopiesTest {

  private static final TransactionId ID = new TransactionId(3, 1, 1);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private TemporaryStore place;

  /** A node's records, of which this knows nothing. */
  private record Raw() implements RecordCodec<byte[]> {
    @Override
    public void encode(byte[] record, ByteWriter out) {
      out.bytes(record);
    }

    @Override
    public byte[] decode(ByteReader in) {
      return in.bytes(100);
    }
  }

  /** Does something with the store of a node whose counter is a file beside it. */
  private interface Work {
    void on(NodeStore node);
  }

  private void withNode(Path data, Work work) {
    SecretKey key = SecretKey.takeOver(KeyFile.read(place.keyFile));
    try (CounterFile counter = new CounterFile(StateDirectory.counterFile(place.counters, data.toAbsolutePath()));
        NodeStore node = NodeStore.open(3, data, key, counter, EmbeddedStoreOptions.defaults())) {
      work.on(node);
    }
  }

  private void decide(Path data) {
    withNode(data, node -> {
      assertEquals(List.of(ID), node.inDoubt());
      node.commitPrepared(ID, node.clock() + 1);
      assertEquals("1", get(node, "a"));
    });
  }

  /** What is prepared lies in the WAL before what is in the leaves. */
  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(directory);
    place = new TemporaryStore(directory.toRealPath());
    Files.createDirectories(place.counters);
    withNode(place.data, node -> {
      Branch branch = node.beginBranch(ID, TransactionOptions.READ_WRITE);
      branch.put(bytes("a"), bytes("1"));
      branch.prepare(0);
    });
    withNode(place.data, node -> {
      put(node, "b", "1");
      SealedLog<byte[]> clog = node.openClog(new Raw(), (counter, record) -> { });
      clog.awaitStable(clog.append("decision".getBytes(StandardCharsets.UTF_8)));
    });
  }

  @Test
  void aBackupHasIt() {
    Path copy = directory.resolve("copy").toAbsolutePath();
    try (EmbeddedStore store = place.open()) {
      store.backup(copy, Progress.NONE);
    }
    StoreVerification.verifyCopy(copy, place.options(), Progress.NONE);
    try (StoreAdoption adoption = new StoreAdoption(copy, place.options(), Progress.NONE)) {
      adoption.register();
    }
    decide(copy);
    decide(place.data);
  }

  @Test
  void anotherRootKeyKeepsIt() {
    Path newKey = directory.resolve("newkey");
    StoreRekey.run(place.data, place.options(), place.options().withKeyFile(newKey));
    assertThrows(KvException.Unavailable.class, () -> decide(place.data));
    StoreRekey.run(place.data, place.options().withKeyFile(newKey), place.options());
    decide(place.data);
  }

  @Test
  void theNodesDecisionsAreVerifiedToo() throws IOException {
    StoreVerification.verify(place.data, place.options(), Progress.NONE);
    StoreVerification.verifyCopy(place.data, place.options(), Progress.NONE);
    Path segment;
    try (Stream<Path> files = Files.list(place.data.resolve("clog"))) {
      segment = files.sorted().toList().getFirst();
    }
    byte[] whole = Files.readAllBytes(segment);
    byte[] changed = whole.clone();
    changed[changed.length - 1] ^= 1;
    Files.write(segment, changed);
    KvException refused = assertThrows(
        KvException.IntegrityViolation.class, () -> StoreVerification.verify(place.data, place.options(), Progress.NONE));
    assertEquals(ErrorCode.INTEGRITY_VIOLATION, refused.code());
    Files.delete(segment);
    refused = assertThrows(
        KvException.IntegrityViolation.class, () -> StoreVerification.verify(place.data, place.options(), Progress.NONE));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    Files.write(segment, whole);
    decide(place.data);
  }
}
