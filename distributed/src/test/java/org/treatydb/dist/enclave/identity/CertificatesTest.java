package org.treatydb.dist.enclave.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.lock.ManualClock;
import org.treatydb.kv.host.system.SystemEntropy;

class CertificatesTest {

  private static final byte[] MEASUREMENT = filled(32, 7);
  private static final String PROVIDER = "software";
  private static final byte[] BOOT_NONCE = filled(16, 8);
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);
  private static final CertificateCheck.Revocations NONE = (node, serial) -> false;

  private final ManualClock clock = clockAt(TimeUnit.DAYS.toMillis(20_000));
  private final Entropy entropy = new SystemEntropy();
  private final CertificateAuthority authority = CertificateAuthority.create(entropy, clock);
  private long serial;
  private final IdentityKey key = IdentityKey.create(entropy);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static ManualClock clockAt(long millis) {
    ManualClock clock = new ManualClock();
    clock.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    return clock;
  }

  private void advanceMillis(long millis) {
    clock.advance(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private byte[] certified(int node) throws RefusedRequestException {
    return authority.issueNode(node, ++serial, key.request(), MEASUREMENT, BOOT_NONCE, PROVIDER, HOUR);
  }

  private X509Certificate node(int node) throws RefusedRequestException {
    return CertificateAuthority.parsed(certified(node));
  }

  private CertificateCheck check(CertificateAuthority trusted, CertificateCheck.Revocations revocations) {
    return CertificateCheck.pinned(trusted.certificate(), clock, revocations);
  }

  private CertificateCheck check() {
    return check(authority, NONE);
  }

  private static String refusal(CertificateCheck check, X509Certificate... chain) {
    return assertThrows(CertificateException.class, () -> check.checkNode(chain)).getMessage();
  }

  @Test
  void aNodesCertificateSaysWhichNodeItIsAndWhatWasAttested() throws Exception {
    X509Certificate certificate = node(3);
    NodeCertificate checked = check().checkNode(certificate);
    assertEquals(3, checked.node());
    assertEquals(certificate.getSerialNumber(), checked.serial());
    assertArrayEquals(MEASUREMENT, checked.measurement());
    assertArrayEquals(BOOT_NONCE, checked.bootNonce());
    assertEquals(clock.currentTimeMillis() + HOUR, checked.notAfterMillis());
    assertEquals("CN=node-3", certificate.getSubjectX500Principal().getName());
    assertTrue(certificate.getCriticalExtensionOIDs().contains(NodeCertificate.EXTENSION.getId()));
  }

  @Test
  void certificatesHaveTheNumbersTheyAreGiven() throws Exception {
    assertEquals(BigInteger.valueOf(1), node(3).getSerialNumber());
    assertEquals(BigInteger.valueOf(2), node(3).getSerialNumber());
    assertThrows(IllegalArgumentException.class, () -> authority.issueNode(3, 0, key.request(), MEASUREMENT, BOOT_NONCE, PROVIDER, HOUR));
    BigInteger server = authority.serverIdentity(List.of("cas"), HOUR).certificate().getSerialNumber();
    assertTrue(server.bitLength() > Long.SIZE, "a server's cannot be a node's");
  }

  @Test
  void anIdentityIsAKeyAndItsCertificate() throws Exception {
    NodeIdentity identity = NodeIdentity.of(key, certified(3), authority.certificate());
    assertEquals(3, identity.node());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(identity.privateKey());
    signature.update(MEASUREMENT);
    byte[] signed = signature.sign();
    signature.initVerify(identity.certificate());
    signature.update(MEASUREMENT);
    assertTrue(signature.verify(signed));
  }

  @Test
  void anIdentityIsNotPutTogetherFromPartsOfDifferentOnes() throws Exception {
    byte[] certificate = certified(3);
    IdentityKey another = IdentityKey.create(entropy);
    assertThrows(CertificateException.class, () -> NodeIdentity.of(another, certificate, authority.certificate()));
    byte[] otherAuthority = CertificateAuthority.create(entropy, clock).certificate();
    assertThrows(CertificateException.class, () -> NodeIdentity.of(key, certificate, otherAuthority));
    assertThrows(CertificateException.class, () -> NodeIdentity.of(key, new byte[9], authority.certificate()));
  }

  @Test
  void secretsAreNotPrinted() throws Exception {
    NodeIdentity identity = NodeIdentity.of(key, certified(3), authority.certificate());
    String secret = HexFormat.of().formatHex(((java.security.interfaces.ECPrivateKey) identity.privateKey()).getS().toByteArray());
    for (Object each : new Object[] {key, identity, authority, identity.privateKey()}) {
      assertFalse(each.toString().contains(secret.substring(4, 24)), each.getClass().getName());
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    CertificateAuthority another = CertificateAuthority.create(entropy, clock);
    assertTrue(refusal(check(another, NONE), node(3)).contains("another authority"));
    assertEquals(3, check(authority, NONE).checkNode(node(3)).node(), "the control");
  }

  @Test
  void aCertificateOfAnAuthorityThatBorrowedTheNameIsRefused() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    PrivateKey forger = generator.generateKeyPair().getPrivate();
    X509Certificate forged = forged(node(3), forger, null);
    assertTrue(refusal(check(), forged).contains("not signed"));
  }

  /** A copy of a certificate's names, times and key, signed by somebody else; with the authority's as a link in between, if wanted. */
  private X509Certificate forged(X509Certificate model, PrivateKey signer, X500Name issuer) throws Exception {
    var builder = new X509v3CertificateBuilder(
        issuer != null ? issuer : X500Name.getInstance(model.getIssuerX500Principal().getEncoded()), model.getSerialNumber(),
        model.getNotBefore(), model.getNotAfter(), X500Name.getInstance(model.getSubjectX500Principal().getEncoded()),
        key.publicKeyInfo());
    builder.addExtension(NodeCertificate.EXTENSION, true, NodeCertificate.extension(3, MEASUREMENT, BOOT_NONCE, PROVIDER));
    return CertificateAuthority.parsed(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)).getEncoded());
  }

  @Test
  void aNodeCannotCertifyAnother() throws Exception {
    NodeIdentity rogue = NodeIdentity.of(key, certified(3), authority.certificate());
    X509Certificate forged = forged(node(4), rogue.privateKey(), new X500Name("CN=node-3"));
    assertTrue(refusal(check(), forged, rogue.certificate()).contains("another authority"));
    assertThrows(CertificateException.class,
        () -> new CertificateCheck(rogue.certificate(), clock, NONE).checkNode(forged), "and nobody takes it for an authority");
  }

  @Test
  void certificatesAreGoodForTheirTimeOnly() throws Exception {
    X509Certificate certificate = node(3);
    advanceMillis(HOUR - 1);
    check().checkNode(certificate);
    advanceMillis(2);
    refusal(check(), certificate);
    advanceMillis(-2 * HOUR);
    refusal(check(), certificate);
  }

  @Test
  void noCertificateOutlivesItsAuthority() throws Exception {
    X509Certificate certificate = CertificateAuthority.parsed(
        authority.issueNode(3, 17, key.request(), MEASUREMENT, BOOT_NONCE, PROVIDER, TimeUnit.DAYS.toMillis(4000)));
    assertEquals(CertificateAuthority.parsed(authority.certificate()).getNotAfter(), certificate.getNotAfter());
    advanceMillis(certificate.getNotAfter().getTime() - clock.currentTimeMillis() + 1000);
    assertThrows(IllegalArgumentException.class, () -> certified(3));
  }

  @Test
  void aRevokedCertificateIsRefusedAndANewOneOfTheSameNodeIsNot() throws Exception {
    X509Certificate revoked = node(3);
    BigInteger serial = revoked.getSerialNumber();
    CertificateCheck check = check(authority, (node, number) -> node == 3 && number.equals(serial));
    assertTrue(refusal(check, revoked).contains("revoked"));
    assertEquals(3, check.checkNode(node(3)).node());
    assertEquals(3, check().checkNode(revoked).node(), "the control");
  }

  @Test
  void aServersCertificateIsNoNodesAndGoodForItsNamesOnly() throws Exception {
    X509Certificate server = CertificateAuthority.parsed(authority.issueServer(List.of("cas", "127.0.0.1"), key.request(), HOUR));
    check().checkServer("cas", server);
    check().checkServer("127.0.0.1", server);
    assertThrows(CertificateException.class, () -> check().checkServer("example.org", server));
    assertTrue(refusal(check(), server).contains("not a node's"));
    X509Certificate node = node(3);
    assertThrows(CertificateException.class, () -> check().checkServer("node-3", node));
    assertThrows(IllegalArgumentException.class, () -> authority.issueServer(List.of("Node-3"), key.request(), HOUR));
    assertThrows(IllegalArgumentException.class, () -> authority.issueServer(List.of(), key.request(), HOUR));
    assertEquals(Peer.ANONYMOUS, authority.serverIdentity(List.of("cas"), HOUR).node());
  }

  @Test
  void theAuthoritysOwnCertificateIsNobodysIdentity() {
    refusal(check(), CertificateAuthority.parsed(authority.certificate()));
    refusal(check());
  }

  @Test
  void whoAsksMustHoldTheKey() throws Exception {
    byte[] request = key.request();
    assertArrayEquals(key.publicKey(), IdentityKey.requestedKey(request));
    for (int at = 0; at < request.length; at++) {
      byte[] changed = request.clone();
      changed[at] ^= 1;
      try {
        IdentityKey.requestedKey(changed);
        throw new AssertionError("byte " + at + " does not matter");
      } catch (RefusedRequestException e) {
        assertTrue(e.getMessage().startsWith("the request"));
      }
    }
  }

  @Test
  void keysOfOtherKindsAreRefused() throws Exception {
    for (String curve : List.of("secp384r1", "secp521r1")) {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      var pair = generator.generateKeyPair();
      byte[] request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), pair.getPublic())
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())).getEncoded();
      assertThrows(RefusedRequestException.class, () -> authority.issueNode(3, 17, request, MEASUREMENT, BOOT_NONCE, PROVIDER, HOUR));
      assertThrows(IllegalArgumentException.class, () -> IdentityKey.decodeSecret(pair.getPrivate().getEncoded()));
    }
  }

  @Test
  void keysSurviveTheirEncoding() {
    assertArrayEquals(key.publicKey(), IdentityKey.decodeSecret(key.encodeSecret()).publicKey());
  }

  @Test
  void anAuthorityIsWrittenReadAndCertifiesAsEver() throws Exception {
    CertificateAuthority fixed = CertificateAuthority.create(new CountingEntropy(), clock);
    CertificateAuthority read =
        CertificateAuthority.decodeSecret(GoldenFile.check("certificate-authority", fixed.encodeSecret()), new CountingEntropy(), clock);
    assertArrayEquals(fixed.certificate(), read.certificate());
    IdentityKey fixedKey = IdentityKey.create(new CountingEntropy());
    byte[] certificate = GoldenFile.check(
        "node-certificate", read.issueNode(3, 17, fixedKey.request(), MEASUREMENT, BOOT_NONCE, PROVIDER, HOUR));
    assertEquals(3, check(fixed, NONE).checkNode(CertificateAuthority.parsed(certificate)).node());
  }

  private static Stream<byte[]> authorities() {
    return Stream.of(CertificateAuthority.create(new CountingEntropy(), clockAt(TimeUnit.DAYS.toMillis(20_000))).encodeSecret());
  }

  @MethodSource("authorities")
  @FuzzTest
  void authorities(byte[] bytes) {
    DecoderContract.of(each -> CertificateAuthority.decodeSecret(each, entropy, clock)).check(bytes);
  }

  private static Stream<byte[]> certificates() throws RefusedRequestException {
    return Stream.of(new CertificatesTest().certified(3));
  }

  @MethodSource("certificates")
  @FuzzTest
  void certificates(byte[] bytes) {
    DecoderContract.of(this::checked).refusingWith(IllegalArgumentException.class).check(bytes);
  }

  private static Stream<byte[]> requests() {
    return Stream.of(IdentityKey.create(new CountingEntropy()).request());
  }

  @MethodSource("requests")
  @FuzzTest
  void requests(byte[] bytes) {
    DecoderContract.of(CertificatesTest::requestedKey).refusingWith(IllegalArgumentException.class).check(bytes);
  }

  private static byte[] requestedKey(byte[] request) {
    try {
      return IdentityKey.requestedKey(request);
    } catch (RefusedRequestException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private NodeCertificate checked(byte[] der) {
    try {
      return check().checkNode(CertificateAuthority.parsed(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The wrapping around what is signed can be written in more than one way; nothing that is signed can. */
  @Test
  void nothingThatIsSignedCanBeChanged() throws Exception {
    X509Certificate certificate = node(3);
    byte[] valid = certificate.getEncoded();
    int refused = 0;
    for (int at = 0; at < valid.length; at++) {
      byte[] changed = valid.clone();
      changed[at] ^= 1;
      try {
        X509Certificate parsed = CertificateAuthority.parsed(changed);
        check().checkNode(parsed);
        assertArrayEquals(certificate.getTBSCertificate(), parsed.getTBSCertificate(), "byte " + at);
      } catch (CertificateException | IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > valid.length - 10, refused + " of " + valid.length);
  }

  /** Different bytes at each call, the same in each run. */
  private static final class CountingEntropy implements Entropy {
    private int calls;

    @Override
    public byte[] bytes(int length) {
      byte[] bytes = filled(length, ++calls);
      bytes[0] = 1;
      return bytes;
    }
  }
}
