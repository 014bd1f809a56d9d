package org.treatydb.dist.enclave.cas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** The formats of the service's messages and of its store. */
class CasFormatTest {

  private static final ClusterConfiguration CONFIGURATION =
      new ClusterConfiguration(new UUID(1, 2), 3, Cas.MEMBERS, Map.of(1, 7L, 5, Long.MAX_VALUE));
  private static final ShardMap SHARD_MAP = ShardMap.dealtOut(List.of(1, 2, 5), 2);
  private static final JoinStatement STATEMENT = new JoinStatement("alpha", Cas.filled(40, 2), Cas.filled(32, 3));
  private static final IssuedCertificate ISSUED = new IssuedCertificate(4, SoftwareAttestation.NAME, Cas.ALLOWED, 1_700_000_000_000L);

  private static Map<String, CasRequest> requests() {
    Map<String, CasRequest> requests = new LinkedHashMap<>();
    requests.put("cas-challenge", new CasRequest.Challenge());
    requests.put("cas-join", new CasRequest.Join(Cas.filled(32, 1), STATEMENT, SoftwareAttestation.NAME, Cas.filled(50, 4)));
    requests.put("cas-news", new CasRequest.News(3, 9));
    requests.put("cas-publish", new CasRequest.Publish(SHARD_MAP));
    requests.put("cas-has-store", new CasRequest.HasStore());
    return requests;
  }

  private static Map<String, CasReply> replies() {
    Map<String, CasReply> replies = new LinkedHashMap<>();
    replies.put("cas-nonce", new CasReply.Nonce(Cas.filled(32, 1)));
    replies.put("cas-joined", new CasReply.Joined(Cas.filled(60, 5), Cas.attestationKey(6), CONFIGURATION, SHARD_MAP, true));
    replies.put("cas-newer", new CasReply.News(Optional.of(CONFIGURATION), Optional.of(SHARD_MAP)));
    replies.put("cas-nothing-newer", new CasReply.News(Optional.empty(), Optional.empty()));
    replies.put("cas-published", new CasReply.Published(true, SHARD_MAP));
    replies.put("cas-noted", new CasReply.Noted());
    replies.put("cas-refused", new CasReply.Refused("no"));
    return replies;
  }

  @Test
  void messagesAreWrittenAndReadAsEver() {
    requests().forEach((name, request) -> {
      byte[] golden = GoldenFile.check(name, CasCodec.encode(request));
      assertArrayEquals(golden, CasCodec.encode(CasCodec.decodeRequest(golden)));
    });
    replies().forEach((name, reply) -> {
      byte[] golden = GoldenFile.check(name, CasCodec.encode(reply));
      assertArrayEquals(golden, CasCodec.encode(CasCodec.decodeReply(golden)));
    });
  }

  @Test
  void theStateIsWrittenAndReadAsEver() {
    assertEquals(CONFIGURATION, ConfigurationCodec.decode(GoldenFile.check("cas-configuration", ConfigurationCodec.encode(CONFIGURATION))));
    assertEquals(ISSUED, IssuedCertificate.decode(GoldenFile.check("cas-issued-certificate", ISSUED.encode())));
  }

  @Test
  void secretsAreReadAsTheyWereWritten() {
    ShiftedClock clock = new ShiftedClock();
    ClusterSecrets secrets = ClusterSecrets.create(new UUID(1, 2), Cas.ENTROPY, clock);
    ClusterSecrets read = ClusterSecrets.decode(secrets.encode(), Cas.ENTROPY, clock);
    assertArrayEquals(secrets.encode(), read.encode());
    assertArrayEquals(secrets.authority().certificate(), read.authority().certificate());
    assertArrayEquals(secrets.nodeRoot(1).copyBytes(), read.nodeRoot(1).copyBytes());
  }

  private static Stream<byte[]> secrets() {
    return Stream.of(ClusterSecrets.create(new UUID(1, 2), Cas.ENTROPY, new ShiftedClock()).encode());
  }

  @MethodSource("secrets")
  @FuzzTest
  void secrets(byte[] bytes) {
    ShiftedClock clock = new ShiftedClock();
    DecoderContract.of(each -> ClusterSecrets.decode(each, Cas.ENTROPY, clock)).writtenBy(ClusterSecrets::encode).check(bytes);
  }

  private static Stream<byte[]> encodedRequests() {
    return requests().values().stream().map(CasCodec::encode);
  }

  @MethodSource("encodedRequests")
  @FuzzTest
  void encodedRequests(byte[] bytes) {
    DecoderContract.of(CasCodec::decodeRequest).writtenBy(CasCodec::encode).check(bytes);
  }

  private static Stream<byte[]> encodedReplies() {
    return replies().values().stream().map(CasCodec::encode);
  }

  @MethodSource("encodedReplies")
  @FuzzTest
  void encodedReplies(byte[] bytes) {
    DecoderContract.of(CasCodec::decodeReply).writtenBy(CasCodec::encode).check(bytes);
  }

  private static Stream<byte[]> configurations() {
    return Stream.of(ConfigurationCodec.encode(CONFIGURATION));
  }

  @MethodSource("configurations")
  @FuzzTest
  void configurations(byte[] bytes) {
    DecoderContract.of(ConfigurationCodec::decode).writtenBy(ConfigurationCodec::encode).check(bytes);
  }

  private static Stream<byte[]> issuedCertificates() {
    return Stream.of(ISSUED.encode());
  }

  @MethodSource("issuedCertificates")
  @FuzzTest
  void issuedCertificates(byte[] bytes) {
    DecoderContract.of(IssuedCertificate::decode).writtenBy(IssuedCertificate::encode).check(bytes);
  }

  @Test
  void theLongestConfigurationFitsAMessageAndALongerOneIsRefused() {
    List<Member> members = new ArrayList<>();
    for (int id = 1; id <= ClusterConfiguration.MEMBERS_MAX; id++) {
      members.add(new Member(id, "n".repeat(50) + id, new Endpoint("h".repeat(248) + id, 1), new Endpoint("h".repeat(248) + id, 2)));
    }
    ClusterConfiguration longest = new ClusterConfiguration(new UUID(1, 2), 3, members, Map.of());
    CasReply reply = new CasReply.News(Optional.of(longest), Optional.of(shardMap(254)));
    assertArrayEquals(CasCodec.encode(reply), CasCodec.encode(CasCodec.decodeReply(CasCodec.encode(reply))));
    CasReply tooLong = new CasReply.News(Optional.empty(), Optional.of(shardMap(257)));
    assertThrows(MalformedBytesException.class, () -> CasCodec.decodeReply(CasCodec.encode(tooLong)));
    assertThrows(KvException.InvalidRequest.class, () -> new CasClient(request -> request).publish(shardMap(257)));
  }

  /** A map of that many shards with the longest keys. */
  private static ShardMap shardMap(int shards) {
    List<Shard> all = new ArrayList<>(List.of(new Shard(new byte[0], 1)));
    for (int i = 0; i < shards; i++) {
      byte[] start = new byte[KvStore.KEY_BYTES_MAX];
      start[0] = (byte) (i >> 8);
      start[1] = (byte) i;
      all.add(new Shard(start, 1));
    }
    return new ShardMap(1, all);
  }
}
