package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.channel.EventLoops;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.dist.enclave.cas.CasClient;
import org.treatydb.dist.enclave.cas.JoinedCluster;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.KeyFile;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Nodes join over real sockets, with the files that operators write. */
class CasNetworkTest {

  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final Entropy ENTROPY = new SystemEntropy();
  private static final SystemClock CLOCK = new SystemClock();

  @TempDir
  Path directory;

  private final EventLoops loops = new EventLoops(1, Thread.ofPlatform().daemon().factory());
  private final EmbeddedStore store = EmbeddedStore.openInMemory();
  private CasServer server;
  private byte[] authority;

  @BeforeEach
  void makeACluster() throws IOException {
    byte[] key = ENTROPY.bytes(SecretKey.BYTES);
    KeyFile.write(directory.resolve("software-key"), key);
    AttestationPolicy policy = AttestationPolicy.EMPTY
        .believingSoftware(SoftwareAttestation.publicKey(SecretKey.takeOver(key)))
        .allowing(CodeMeasurement.ofThisProcess());
    List<Member> members = ClusterFile.read(Files.writeString(directory.resolve("cluster"), """
        node.1.name = alpha
        node.1.peers = 127.0.0.1:7101
        node.1.jdbc = 127.0.0.1:7201
        node.2.name = beta
        node.2.peers = 127.0.0.1:7102
        node.2.jdbc = 127.0.0.1:7202
        """));
    authority = CasAdministration.create(store, members, 4, policy, ENTROPY, CLOCK);
    TrustAnchor.write(directory.resolve("anchor.pem"), authority);
    server = new CasServer(store, new Endpoint("127.0.0.1", 0), CLOCK, ENTROPY);
  }

  @AfterEach
  void close() {
    server.close();
    store.close();
    loops.close();
  }

  private NodeConfiguration configuration(String node, Endpoint cas) throws IOException {
    return NodeConfiguration.read(Files.writeString(directory.resolve(node), """
        node = %s
        data = %s-data
        listen.peers = 127.0.0.1:7101
        listen.jdbc = 127.0.0.1:7201
        cas = %s
        trust-anchor = anchor.pem
        attestation = software
        attestation.software.key = software-key
        """.formatted(node, node, cas)));
  }

  private NodeJoin node(String name) throws IOException {
    return new NodeJoin(configuration(name, server.address()), loops, CLOCK, ENTROPY);
  }

  private JoinedCluster join(String name) throws IOException {
    return node(name).join(ENTROPY.bytes(NodeJoin.BOOT_NONCE_BYTES), TIMEOUT_NANOS);
  }

  @Test
  void aNodeJoinsAndThenIsKnownByItsCertificate() throws Exception {
    JoinedCluster joined = join("beta");
    assertEquals(2, joined.identity().node());
    try (CasChannel channel = node("beta").channel(joined)) {
      long version = joined.configuration().version();
      assertEquals(new CasClient.News(Optional.empty(), Optional.empty()), channel.client().news(version, 1));
      assertEquals(version, channel.client().news(0, 1).configuration().orElseThrow().version());
    }
  }

  @Test
  void aStrangerLearnsNothing() {
    try (CasChannel stranger = new CasChannel(server.address(), authority, Optional.empty(), loops, CLOCK)) {
      KvException.Unavailable refused = assertThrows(KvException.Unavailable.class, () -> stranger.client().news(0, 0));
      assertEquals(ErrorCode.JOIN_REFUSED, refused.code());
    }
  }

  @Test
  void aCertificateThatIsRevokedOrOfAnotherClusterIsNotEvenConnected() throws Exception {
    JoinedCluster first = join("alpha");
    join("alpha");
    assertUnreachable(first.identity());
    JoinedCluster second = join("beta");
    new CasAdministration(store).revoke("beta");
    assertUnreachable(second.identity());
    try (EmbeddedStore otherStore = EmbeddedStore.openInMemory()) {
      byte[] other = CasAdministration.create(
          otherStore, new CasAdministration(store).summary().configuration().members(), 4, AttestationPolicy.EMPTY, ENTROPY, CLOCK);
      try (CasServer impostor = new CasServer(otherStore, new Endpoint("127.0.0.1", 0), CLOCK, ENTROPY)) {
        assertFalse(Arrays.equals(other, authority));
        NodeJoin deceived = new NodeJoin(configuration("alpha", impostor.address()), loops, CLOCK, ENTROPY);
        assertThrows(
            KvException.Retryable.class, () -> deceived.join(ENTROPY.bytes(NodeJoin.BOOT_NONCE_BYTES), TimeUnit.SECONDS.toNanos(1)));
      }
    }
  }

  private void assertUnreachable(NodeIdentity identity) {
    try (CasChannel channel = new CasChannel(server.address(), authority, Optional.of(identity), loops, CLOCK)) {
      assertEquals(
          ErrorCode.NODE_UNREACHABLE, assertThrows(KvException.Retryable.class, () -> channel.client().news(0, 0)).code());
    }
  }

  @Test
  void aNodeThatIsShutOutIsCutOff() throws Exception {
    JoinedCluster joined = join("alpha");
    try (CasChannel channel = node("alpha").channel(joined)) {
      channel.client().news(0, 0);
      new CasAdministration(store).revoke("alpha");
      server.recheck();
      assertThrows(KvException.class, () -> channel.client().news(0, 0));
    }
    assertEquals(ErrorCode.JOIN_REFUSED, assertThrows(KvException.Unavailable.class, () -> join("alpha")).code());
  }

  @Test
  void aNodeWaitsForTheServiceAndJoinsWhenItComes() throws Exception {
    Endpoint address = server.address();
    server.close();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      NodeJoin node = new NodeJoin(configuration("alpha", address), loops, CLOCK, ENTROPY);
      Future<JoinedCluster> joined = threads.submit(() -> node.join(ENTROPY.bytes(NodeJoin.BOOT_NONCE_BYTES), TIMEOUT_NANOS));
      server = new CasServer(store, address, CLOCK, ENTROPY);
      assertEquals(1, joined.get().identity().node());
    }
  }

  @Test
  void manyNodesJoinAtOnce() throws Exception {
    List<Future<JoinedCluster>> joined = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        NodeJoin node = node(i % 2 == 0 ? "alpha" : "beta");
        joined.add(threads.submit(() -> node.join(ENTROPY.bytes(NodeJoin.BOOT_NONCE_BYTES), TIMEOUT_NANOS)));
      }
    }
    long serials = 0;
    for (Future<JoinedCluster> each : joined) {
      serials += each.get().identity().certificate().getSerialNumber().longValueExact();
    }
    assertEquals(16 * 17 / 2, serials);
  }

  @Test
  void theTrustAnchorIsReadAsItWasWrittenAndNeverReplaced() throws IOException {
    Path file = directory.resolve("anchor.pem");
    assertArrayEquals(authority, TrustAnchor.read(file));
    assertThrows(KvException.InvalidRequest.class, () -> TrustAnchor.reserve(file));
    for (String wrong : new String[] {"", "no certificate", Files.readString(file, StandardCharsets.US_ASCII).substring(0, 200)}) {
      Path other = Files.writeString(directory.resolve("wrong.pem"), wrong);
      KvException refused = assertThrows(KvException.InvalidRequest.class, () -> TrustAnchor.read(other));
      assertTrue(refused.getMessage().contains("wrong.pem"), refused.getMessage());
    }
  }
}
