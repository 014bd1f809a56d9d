package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.KeyFile;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Three nodes with everything that is real: files, TLS, counters, the configuration service. */
class NodeProcessTest {

  private static final Entropy ENTROPY = new SystemEntropy();
  private static final SystemClock CLOCK = new SystemClock();
  private static final List<String> NAMES = List.of("alpha", "beta", "gamma");

  @TempDir
  Path directory;

  private final EmbeddedStore store = EmbeddedStore.openInMemory();
  private final List<NodeConfiguration> configurations = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private CasServer server;

  @BeforeEach
  void makeACluster() throws Exception {
    byte[] key = ENTROPY.bytes(SecretKey.BYTES);
    KeyFile.write(directory.resolve("software-key"), key);
    AttestationPolicy policy = AttestationPolicy.EMPTY
        .believingSoftware(SoftwareAttestation.publicKey(SecretKey.takeOver(key))).allowing(CodeMeasurement.ofThisProcess());
    List<Member> members = new ArrayList<>();
    for (String name : NAMES) {
      members.add(new Member(members.size() + 1, name, free(), free()));
    }
    TrustAnchor.write(directory.resolve("anchor.pem"), CasAdministration.create(store, members, 4, policy, ENTROPY, CLOCK));
    server = new CasServer(store, new Endpoint("127.0.0.1", 0), CLOCK, ENTROPY);
    List<Future<NodeProcess>> starting = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Member member : members) {
        NodeConfiguration configuration = configuration(member);
        configurations.add(configuration);
        starting.add(threads.submit(() -> start(configuration)));
      }
    }
    for (Future<NodeProcess> each : starting) {
      nodes.add(each.get());
    }
  }

  @AfterEach
  void close() {
    nodes.forEach(NodeProcess::close);
    server.close();
    store.close();
  }

  private static Endpoint free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint("127.0.0.1", socket.getLocalPort());
    }
  }

  private NodeConfiguration configuration(Member member) throws IOException {
    return NodeConfiguration.read(Files.writeString(directory.resolve(member.name()), """
        node = %s
        data = %s-data
        listen.peers = %s
        listen.jdbc = %s
        cas = %s
        trust-anchor = anchor.pem
        attestation = software
        attestation.software.key = software-key
        """.formatted(member.name(), member.name(), member.peers(), member.jdbc(), server.address())));
  }

  private static NodeProcess start(NodeConfiguration configuration) {
    return new NodeProcess(configuration, EmbeddedStoreOptions.defaults().withMemoryBytes(16 << 20), false);
  }

  @Test
  void whatOneNodeCommitsAnotherReadsAndStaysWhenOneRestarts() {
    byte[][] keys = {{0}, {70}, {(byte) 150}, {(byte) 250}};
    nodes.get(0).store().run(transaction -> {
      for (byte[] key : keys) {
        transaction.put(key, key);
      }
      return null;
    });
    nodes.removeLast().close();
    nodes.add(start(configurations.getLast()));
    for (NodeProcess node : nodes) {
      for (byte[] key : keys) {
        assertArrayEquals(key, node.store().run(transaction -> transaction.get(key)));
      }
    }
  }

  @Test
  void aRangeMovesAsTheOperatorSays() {
    byte[][] keys = {{0}, {70}, {(byte) 150}, {(byte) 250}};
    nodes.get(0).store().run(transaction -> {
      for (byte[] key : keys) {
        transaction.put(key, key);
      }
      return null;
    });
    List<String> told = nodes.get(0).move(KeyRange.ALL, "beta");
    assertTrue(told.getFirst().startsWith("moved "), told.toString());
    for (NodeProcess node : nodes) {
      for (byte[] key : keys) {
        assertArrayEquals(key, node.store().run(transaction -> transaction.get(key)));
      }
    }
    assertEquals("[, \u221e) on node 2 (beta)", nodes.get(0).shards().get(1));
    assertThrows(KvException.InvalidRequest.class, () -> nodes.get(0).move(KeyRange.ALL, "delta"));
  }

  @Test
  void aNodeSaysWhatItsAttestationIsWorth() {
    List<String> status = nodes.get(1).status();
    assertEquals("WARNING: " + SoftwareAttestation.WARNING, status.getFirst());
    assertEquals(NAMES.size(), status.stream().filter(line -> line.contains(": up")).count(), status.toString());
  }

  @Test
  void aNodeWhoseStoreWasRemovedIsNotTakenForNew() throws IOException {
    nodes.removeLast().close();
    Files.move(configurations.getLast().data(), directory.resolve("gone"));
    KvException.IntegrityViolation refused =
        assertThrows(KvException.IntegrityViolation.class, () -> start(configurations.getLast()));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  @Test
  void aNodeThatIsShutOutDoesNotStartAgain() {
    nodes.removeLast().close();
    new CasAdministration(store).revoke("gamma");
    KvException.Unavailable refused = assertThrows(KvException.Unavailable.class, () -> start(configurations.getLast()));
    assertEquals(ErrorCode.JOIN_REFUSED, refused.code());
    assertTrue(refused.getMessage().contains("shut out"), refused.getMessage());
  }
}
