package org.treatydb.dist.enclave.cas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.enclave.cas.Cas.ENTROPY;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.enclave.attest.AttestationCheck;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;

/** Whoever must not get in gets nothing; and would get in, as the control, if the one check that stops him were left out. */
class CasAttackTest {

  /** Sends something to the service, and returns the answer that matters. */
  private interface Attack {
    CasReply on(Cas cas);
  }

  private static void assertStopped(CasCheck by, String says, Attack attack) {
    assertStopped(Cas.POLICY, CasCheck.Choice.ALL.without(by), says, attack);
  }

  private static void assertStopped(AttestationPolicy policy, AttestationCheck by, String says, Attack attack) {
    assertStopped(policy, CasCheck.Choice.ALL.without(by), says, attack);
  }

  private static void assertStopped(AttestationPolicy policy, CasCheck.Choice without, String says, Attack attack) {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      String reason = assertInstanceOf(CasReply.Refused.class, attack.on(new Cas(store, policy, CasCheck.Choice.ALL))).reason();
      assertTrue(reason.contains(says), reason);
    }
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      CasReply reply = attack.on(new Cas(store, policy, without));
      assertTrue(!(reply instanceof CasReply.Refused), "the control is refused, too: " + reply);
    }
  }

  private static byte[] challenge(Cas cas) {
    return assertInstanceOf(CasReply.Nonce.class, cas.ask(Peer.ANONYMOUS, new CasRequest.Challenge())).nonce();
  }

  private static JoinStatement statement(String node) {
    return new JoinStatement(node, IdentityKey.create(ENTROPY).request(), ENTROPY.bytes(JoinStatement.BOOT_NONCE_BYTES));
  }

  private static CasRequest.Join request(Cas cas, String node, byte[] nonce, AttestationProvider provider) {
    JoinStatement statement = statement(node);
    return new CasRequest.Join(nonce, statement, provider.name(), provider.evidence(statement.reportData(nonce, cas.authority())));
  }

  private static CasReply join(Cas cas, String node, byte[] nonce, AttestationProvider provider) {
    return cas.ask(Peer.ANONYMOUS, request(cas, node, nonce, provider));
  }

  @Test
  void codeThatIsNotAllowedGetsNothing() {
    assertStopped(Cas.POLICY, AttestationCheck.MEASUREMENT, "its code is not allowed: measurement " + Cas.FORBIDDEN,
        cas -> join(cas, "alpha", challenge(cas), new SoftwareAttestation(Cas.attestationKey(7), Cas.FORBIDDEN)));
  }

  @Test
  void codeThatIsNotAllowedAnyMoreGetsNothing() {
    assertStopped(Cas.POLICY, AttestationCheck.MEASUREMENT, "its code is not allowed", cas -> {
      cas.join("alpha");
      cas.administration.forbid(Cas.ALLOWED);
      return join(cas, "alpha", challenge(cas), Cas.genuine());
    });
  }

  @Test
  void whoeverHasNotTheAttestationKeyGetsNothing() {
    assertStopped(Cas.POLICY, AttestationCheck.SIGNATURE, "not signed with the key",
        cas -> join(cas, "alpha", challenge(cas), new SoftwareAttestation(Cas.attestationKey(8), Cas.ALLOWED)));
  }

  @Test
  void softwareAttestationGetsNothingUnlessTheOperatorAllowsIt() {
    assertStopped(AttestationPolicy.EMPTY.allowing(Cas.ALLOWED), AttestationCheck.PROVIDER, "'software' is not allowed here",
        cas -> join(cas, "alpha", challenge(cas), Cas.genuine()));
  }

  @Test
  void aMadeUpNonceGetsNothing() {
    assertStopped(CasCheck.ISSUED, "nonce", cas -> join(cas, "alpha", Cas.filled(Challenges.NONCE_BYTES, 9), Cas.genuine()));
  }

  @Test
  void aNonceOfAnEarlierLifeOfTheServiceGetsNothing() {
    assertStopped(CasCheck.ISSUED, "nonce", cas -> {
      byte[] nonce = challenge(cas);
      return join(new Cas(cas.store, Cas.POLICY, cas.service.checks()), "alpha", nonce, Cas.genuine());
    });
  }

  @Test
  void aReplayedRequestGetsNothing() {
    assertStopped(CasCheck.SINGLE_USE, "nonce", cas -> {
      CasRequest.Join request = request(cas, "alpha", challenge(cas), Cas.genuine());
      assertInstanceOf(CasReply.Joined.class, cas.ask(Peer.ANONYMOUS, request));
      return cas.ask(Peer.ANONYMOUS, request);
    });
  }

  @Test
  void aRefusedRequestUsesItsNonceUp() {
    assertStopped(CasCheck.SINGLE_USE, "nonce", cas -> {
      byte[] nonce = challenge(cas);
      assertInstanceOf(CasReply.Refused.class, join(cas, "nobody", nonce, Cas.genuine()));
      return join(cas, "alpha", nonce, Cas.genuine());
    });
  }

  @Test
  void anExpiredNonceGetsNothing() {
    assertStopped(CasCheck.EXPIRY, "expired", cas -> {
      byte[] nonce = challenge(cas);
      cas.clock.advance(Challenges.LIFETIME_NANOS + 1);
      return join(cas, "alpha", nonce, Cas.genuine());
    });
  }

  @Test
  void replayedEvidenceGetsNothing() {
    assertStopped(CasCheck.BINDING, "made for something else", cas -> {
      CasRequest.Join old = request(cas, "alpha", challenge(cas), Cas.genuine());
      assertInstanceOf(CasReply.Joined.class, cas.ask(Peer.ANONYMOUS, old));
      return cas.ask(Peer.ANONYMOUS, new CasRequest.Join(challenge(cas), old.statement(), old.provider(), old.evidence()));
    });
  }

  @Test
  void evidenceForAnotherKeyNodeOrStartGetsNothing() {
    List<Attack> attacks = List.of(
        cas -> withStatement(cas, own -> new JoinStatement(own.node(), IdentityKey.create(ENTROPY).request(), own.bootNonce())),
        cas -> withStatement(cas, own -> new JoinStatement("beta", own.request(), own.bootNonce())),
        cas -> withStatement(cas, own -> new JoinStatement(own.node(), own.request(), Cas.filled(JoinStatement.BOOT_NONCE_BYTES, 0))));
    for (Attack attack : attacks) {
      assertStopped(CasCheck.BINDING, "made for something else", attack);
    }
  }

  private static CasReply withStatement(Cas cas, UnaryOperator<JoinStatement> change) {
    CasRequest.Join own = request(cas, "alpha", challenge(cas), Cas.genuine());
    return cas.ask(Peer.ANONYMOUS, new CasRequest.Join(own.nonce(), change.apply(own.statement()), own.provider(), own.evidence()));
  }

  /** The operator of a node's machine gives the node his own trust anchor, and passes its requests on to the real service. */
  @Test
  void anImpostorCannotPassOnWhatANodeSaysToHim() {
    assertStopped(CasCheck.BINDING, "made for something else", cas -> {
      List<CasReply> overheard = new ArrayList<>();
      CasClient betrayed = new CasClient(request -> {
        byte[] reply = cas.service.handle(new Peer(Peer.ANONYMOUS), request);
        overheard.add(CasCodec.decodeReply(reply));
        return reply;
      });
      try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
        byte[] impostor = new Cas(store).authority();
        assertThrows(KvException.Unavailable.class, () -> betrayed.join(
            "alpha", impostor, ENTROPY.bytes(JoinStatement.BOOT_NONCE_BYTES), Cas.genuine(), ENTROPY));
      }
      return overheard.getLast();
    });
  }

  @Test
  void aNodeThatIsShutOutGetsNothing() {
    assertStopped(CasCheck.SHUT_OUT, "shut out", cas -> {
      cas.join("alpha");
      cas.administration.revoke("alpha");
      return join(cas, "alpha", challenge(cas), Cas.genuine());
    });
  }

  @Test
  void whoeverHasNotJoinedLearnsNothingOfTheCluster() {
    assertStopped(CasCheck.CERTIFIED, "only for nodes that have joined", cas -> cas.ask(Peer.ANONYMOUS, new CasRequest.News(0, 0)));
    assertStopped(CasCheck.CERTIFIED, "only for nodes that have joined", cas -> {
      ShardMap allToOne = ShardMap.dealtOut(List.of(1), 1).moved(KeyRange.ALL, 2);
      return cas.ask(Peer.ANONYMOUS, new CasRequest.Publish(allToOne));
    });
    assertStopped(CasCheck.CERTIFIED, "only for nodes that have joined", cas -> {
      cas.administration.revoke("alpha");
      return cas.ask(1, new CasRequest.News(0, 0));
    });
  }

  @Test
  void aNodeThatIsNotInTheClusterGetsNothing() {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      Cas cas = new Cas(store);
      KvException.Unavailable refused = assertThrows(KvException.Unavailable.class, () -> cas.join("delta"));
      assertEquals(ErrorCode.JOIN_REFUSED, refused.code());
      assertTrue(refused.getMessage().endsWith("the cluster has no node of that name"), refused.getMessage());
    }
  }

  @Test
  void aKeyWithoutProofOfPossessionGetsNothing() {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      Cas cas = new Cas(store);
      JoinStatement forged = statement("alpha");
      forged.request()[forged.request().length - 1] ^= 1;
      byte[] nonce = challenge(cas);
      byte[] evidence = Cas.genuine().evidence(forged.reportData(nonce, cas.authority()));
      CasReply reply = cas.ask(Peer.ANONYMOUS, new CasRequest.Join(nonce, forged, SoftwareAttestation.NAME, evidence));
      assertTrue(assertInstanceOf(CasReply.Refused.class, reply).reason().contains("signature"), reply.toString());
      assertEquals(Optional.empty(), Optional.ofNullable(cas.administration.summary().issued().get(1)));
    }
  }

  @Test
  void noncesThatNobodyUsesDoNotPileUp() {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      Cas cas = new Cas(store);
      byte[] oldest = challenge(cas);
      byte[] second = challenge(cas);
      for (int i = 1; i < Challenges.NONCES_MAX; i++) {
        challenge(cas);
      }
      assertInstanceOf(CasReply.Refused.class, join(cas, "alpha", oldest, Cas.genuine()));
      assertInstanceOf(CasReply.Joined.class, join(cas, "alpha", second, Cas.genuine()));
    }
  }

  @Test
  void whatIsNoRequestIsRefused() {
    try (EmbeddedStore store = EmbeddedStore.openInMemory()) {
      Cas cas = new Cas(store);
      for (byte[] bytes : new byte[][] {{}, {2}, {1, 99}, {1, 1, 0}, new byte[100]}) {
        assertInstanceOf(CasReply.Refused.class, CasCodec.decodeReply(cas.service.handle(new Peer(Peer.ANONYMOUS), bytes)));
      }
    }
  }
}
