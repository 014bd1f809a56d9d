package org.treatydb.dist.enclave.cas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeCertificate;
import org.treatydb.dist.enclave.identity.RefusedRequestException;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;

class CasServiceTest {

  private final EmbeddedStore store = EmbeddedStore.openInMemory();
  private final Cas cas = new Cas(store);

  @AfterEach
  void close() {
    store.close();
  }

  private NodeCertificate check(JoinedCluster joined) throws CertificateException {
    return CertificateCheck.pinned(cas.authority(), cas.clock, cas.service).checkNode(joined.identity().certificate());
  }

  @Test
  void aNodeThatJoinsGetsWhatItNeeds() throws Exception {
    byte[] bootNonce = Cas.filled(JoinStatement.BOOT_NONCE_BYTES, 3);
    JoinedCluster joined = cas.client(0).join("beta", cas.authority(), bootNonce, Cas.genuine(), Cas.ENTROPY);
    assertEquals(Cas.member(2, "beta"), joined.member());
    assertEquals(2, joined.identity().node());
    assertEquals(Cas.MEMBERS, joined.configuration().members());
    assertSame(ShardMap.dealtOut(List.of(1, 2, 5), 4), joined.shardMap());
    NodeCertificate certificate = check(joined);
    assertEquals(2, certificate.node());
    assertArrayEquals(bootNonce, certificate.bootNonce());
    assertArrayEquals(Cas.ALLOWED.bytes(), certificate.measurement());
    assertEquals(SoftwareAttestation.NAME, certificate.provider());
  }

  @Test
  void everyNodeHasARootKeyOfItsOwnThatStays() {
    String alpha = root(cas.join("alpha"));
    assertEquals(alpha, root(cas.join("alpha")));
    assertNotEquals(alpha, root(cas.join("beta")));
    try (EmbeddedStore other = EmbeddedStore.openInMemory()) {
      assertNotEquals(alpha, root(new Cas(other).join("alpha")));
    }
  }

  private static String root(JoinedCluster joined) {
    return HexFormat.of().formatHex(joined.root().copyBytes());
  }

  @Test
  void aNodeThatJoinsAgainMakesItsEarlierCertificateVoid() throws Exception {
    JoinedCluster first = cas.join("alpha");
    JoinedCluster other = cas.join("beta");
    check(first);
    JoinedCluster second = cas.join("alpha");
    assertThrows(CertificateException.class, () -> check(first));
    check(second);
    check(other);
    assertTrue(second.configuration().version() > first.configuration().version());
    assertTrue(second.configuration().isRevoked(1, first.identity().certificate().getSerialNumber()));
    assertFalse(second.configuration().isRevoked(1, second.identity().certificate().getSerialNumber()));
  }

  @Test
  void aNodeThatIsShutOutIsRevokedUntilItIsReadmittedAndJoinsAgain() throws Exception {
    JoinedCluster first = cas.join("alpha");
    cas.administration.revoke("alpha");
    assertThrows(CertificateException.class, () -> check(first));
    assertTrue(cas.service.isRevoked(1, BigInteger.TWO.pow(120)), "all its certificates, whatever their numbers");
    assertEquals(ErrorCode.JOIN_REFUSED, assertThrows(KvException.Unavailable.class, () -> cas.join("alpha")).code());
    cas.administration.readmit("alpha");
    assertThrows(CertificateException.class, () -> check(first));
    check(cas.join("alpha"));
    assertThrows(KvException.InvalidRequest.class, () -> cas.administration.revoke("nobody"));
  }

  @Test
  void aNodeIsNewUntilItSaysThatItHasAStore() {
    assertTrue(cas.join("alpha").isNew());
    assertTrue(cas.join("alpha").isNew(), "it may have ended before it made one");
    cas.client(1).tellOfStore();
    assertFalse(cas.join("alpha").isNew());
    assertTrue(cas.join("beta").isNew());
    assertEquals(ErrorCode.JOIN_REFUSED, assertThrows(KvException.Unavailable.class, () -> cas.client(0).tellOfStore()).code());
  }

  @Test
  void aNodeIsToldWhatIsNew() {
    JoinedCluster joined = cas.join("alpha");
    CasClient client = cas.client(1);
    long version = joined.configuration().version();
    assertEquals(new CasClient.News(Optional.empty(), Optional.empty()), client.news(version, 1));
    cas.administration.revoke("beta");
    ClusterConfiguration newer = client.news(version, 0).configuration().orElseThrow();
    assertTrue(newer.isShutOut(2));
    assertEquals(Optional.empty(), client.news(newer.version(), 0).configuration());
  }

  @Test
  void aShardMapIsReplacedOnlyByWhoeverKnowsThePresentOne() {
    cas.join("alpha");
    cas.join("beta");
    ShardMap first = cas.client(1).news(0, 0).shardMap().orElseThrow();
    ShardMap second = first.moved(new KeyRange(new byte[] {1}, new byte[] {2}), 5);
    assertPublished(true, second, cas.client(1).publish(second));
    assertPublished(false, second, cas.client(2).publish(first.moved(KeyRange.ALL, 2)));
    ShardMap third = second.moved(KeyRange.ALL, 2);
    assertPublished(true, third, cas.client(2).publish(third));
    assertSame(third, cas.client(1).news(0, 2).shardMap().orElseThrow());
    assertSame(third, cas.join("alpha").shardMap());
    assertThrows(KvException.Unavailable.class, () -> cas.client(1).publish(third.moved(KeyRange.ALL, 3)), "there is no node 3");
  }

  private static void assertPublished(boolean replaced, ShardMap map, CasClient.Publication publication) {
    assertEquals(replaced, publication.replaced());
    assertSame(map, publication.shardMap());
  }

  private static void assertSame(ShardMap expected, ShardMap map) {
    assertArrayEquals(ConfigurationCodec.encode(expected), ConfigurationCodec.encode(map));
  }

  @Test
  void manyJoinsAtOnceAllSucceedAndEachHasANumberOfItsOwn() throws Exception {
    int joins = 30;
    List<Future<JoinedCluster>> joined = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < joins; i++) {
        String node = Cas.MEMBERS.get(i % 3).name();
        joined.add(threads.submit(() -> cas.join(node)));
      }
    }
    List<BigInteger> serials = new ArrayList<>();
    for (Future<JoinedCluster> each : joined) {
      serials.add(each.get().identity().certificate().getSerialNumber());
    }
    assertEquals(joins, serials.stream().distinct().count());
    long valid = 0;
    for (Future<JoinedCluster> each : joined) {
      valid += cas.service.isRevoked(each.get().member().id(), each.get().identity().certificate().getSerialNumber()) ? 0 : 1;
    }
    assertEquals(3, valid, "the newest of each node");
  }

  @Test
  void aClusterIsMadeOnceAndServedOnlyWhereItWasMade() {
    assertThrows(
        KvException.InvalidRequest.class, () -> CasAdministration.create(store, Cas.MEMBERS, 4, Cas.POLICY, Cas.ENTROPY, cas.clock));
    try (EmbeddedStore empty = EmbeddedStore.openInMemory()) {
      assertEquals(
          ErrorCode.NOT_A_STORE,
          assertThrows(KvException.Unavailable.class, () -> new CasService(empty, cas.clock, Cas.ENTROPY)).code());
    }
  }

  @Test
  void membersThatContradictEachOtherMakeNoCluster() {
    List<List<Member>> wrong = List.of(
        List.of(), List.of(Cas.member(2, "a"), Cas.member(1, "b")), List.of(Cas.member(1, "a"), Cas.member(1, "b")),
        List.of(Cas.member(1, "a"), Cas.member(2, "a")),
        List.of(Cas.member(1, "a"), new Member(2, "b", Cas.member(1, "a").jdbc(), Cas.member(2, "b").jdbc())));
    try (EmbeddedStore empty = EmbeddedStore.openInMemory()) {
      for (List<Member> members : wrong) {
        assertThrows(
            KvException.InvalidRequest.class,
            () -> CasAdministration.create(empty, members, 4, Cas.POLICY, Cas.ENTROPY, cas.clock), members.toString());
      }
      for (int shardsPerNode : new int[] {-1, 0, 30_000}) {
        assertThrows(
            KvException.InvalidRequest.class,
            () -> CasAdministration.create(empty, Cas.MEMBERS, shardsPerNode, Cas.POLICY, Cas.ENTROPY, cas.clock));
      }
    }
  }

  @Test
  void nothingSecretIsPrinted() {
    JoinedCluster joined = cas.join("alpha");
    assertFalse(joined.toString().contains(root(joined)), "the root key");
    assertEquals("ClusterSecrets(not shown)", ClusterSecrets.create(joined.configuration().cluster(), Cas.ENTROPY, cas.clock).toString());
  }

  @Test
  void anAnswerToAnotherQuestionIsRefused() {
    CasClient client = new CasClient(request -> CasCodec.encode(new CasReply.Noted()));
    KvException refused = assertThrows(KvException.Unavailable.class, () -> client.news(1, 1));
    assertEquals(ErrorCode.JOIN_REFUSED, refused.code());
    assertTrue(refused.getMessage().contains("answers something else"), refused.getMessage());
  }

  /** The service is believed to let in whom it wants, but not to give a node another's certificate. */
  @Test
  void aCertificateForAnotherNodeIsRefused() {
    CertificateAuthority authority = CertificateAuthority.create(Cas.ENTROPY, cas.clock);
    CasClient client = new CasClient(request -> CasCodec.encode(switch (CasCodec.decodeRequest(request)) {
      case CasRequest.Join join -> new CasReply.Joined(
          issued(authority, 5, join), Cas.attestationKey(6), cas.join("gamma").configuration(), ShardMap.dealtOut(List.of(1), 1), false);
      default -> new CasReply.Nonce(Cas.filled(32, 1));
    }));
    KvException refused = assertThrows(KvException.Unavailable.class, () -> client.join(
        "alpha", authority.certificate(), Cas.filled(JoinStatement.BOOT_NONCE_BYTES, 3), Cas.genuine(), Cas.ENTROPY));
    assertTrue(refused.getMessage().contains("its certificate is for node 5, not for 1"), refused.getMessage());
  }

  private static byte[] issued(CertificateAuthority authority, int node, CasRequest.Join join) {
    try {
      return authority.issueNode(node, 1, join.statement().request(), new byte[32], new byte[16], "software", 60_000);
    } catch (RefusedRequestException e) {
      throw new AssertionError(e);
    }
  }

  /** A provider that the policy does not know. */
  @Test
  void aNodeAttestedByAnotherProviderIsRefused() {
    AttestationProvider other = new AttestationProvider() {
      @Override
      public String name() {
        return "sgx";
      }

      @Override
      public byte[] evidence(byte[] reportData) {
        return Cas.genuine().evidence(reportData);
      }
    };
    KvException refused = assertThrows(KvException.Unavailable.class, () -> cas.client(0).join(
        "alpha", cas.authority(), Cas.filled(JoinStatement.BOOT_NONCE_BYTES, 3), other, Cas.ENTROPY));
    assertTrue(refused.getMessage().contains("'sgx' is not allowed here"), refused.getMessage());
  }

  @Test
  void aStoreWithoutAClusterIsNoService() {
    try (EmbeddedStore empty = EmbeddedStore.openInMemory()) {
      assertEquals(
          ErrorCode.NOT_A_STORE,
          assertThrows(KvException.Unavailable.class, () -> new CasAdministration(empty).revoke("alpha")).code());
    }
  }

  @Test
  void aClusterOfNoneOrOfTooManyIsRefused() {
    List<Member> tooMany = new ArrayList<>();
    for (int id = 1; id <= ClusterConfiguration.MEMBERS_MAX + 1; id++) {
      tooMany.add(Cas.member(id, "node" + id));
    }
    for (List<Member> members : List.of(List.<Member>of(), tooMany)) {
      assertThrows(KvException.InvalidRequest.class, () -> new ClusterConfiguration(new UUID(1, 2), 1, members, Map.of()));
    }
  }
}
