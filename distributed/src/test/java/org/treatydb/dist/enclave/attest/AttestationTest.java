package org.treatydb.dist.enclave.attest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.enclave.attest.EvidenceVerifier.Attested;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.SecretKey;

class AttestationTest {

  private static final Set<AttestationCheck> ALL = EnumSet.allOf(AttestationCheck.class);
  private static final Measurement GOOD = new Measurement(filled(32, 1));
  private static final Measurement OTHER = new Measurement(filled(48, 2));
  private static final byte[] REPORT = filled(64, 3);
  private static final AttestationPolicy POLICY =
      AttestationPolicy.EMPTY.believingSoftware(SoftwareAttestation.publicKey(key(4))).allowing(GOOD);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static SecretKey key(int value) {
    return SecretKey.takeOver(filled(SecretKey.BYTES, value));
  }

  private static byte[] evidence(int key, Measurement measurement) {
    return new SoftwareAttestation(key(key), measurement).evidence(REPORT);
  }

  /** It is refused for what it says, and gets through, as the control, when just that check is off. */
  private static void assertRefused(AttestationPolicy policy, byte[] evidence, AttestationCheck check, String says) throws Exception {
    String message = assertThrows(RejectedEvidenceException.class, () -> policy.verify("software", evidence, ALL)).getMessage();
    assertTrue(message.contains(says), message);
    policy.verify("software", evidence, EnumSet.complementOf(EnumSet.of(check)));
  }

  @Test
  void allowedCodeIsBelieved() throws Exception {
    Attested attested = POLICY.verify("software", evidence(4, GOOD), ALL);
    assertEquals(GOOD, attested.measurement());
    assertArrayEquals(REPORT, attested.reportData());
  }

  @Test
  void codeThatIsNotAllowedIsRefused() throws Exception {
    assertRefused(POLICY, evidence(4, OTHER), AttestationCheck.MEASUREMENT, "its code is not allowed: measurement " + OTHER);
    POLICY.allowing(OTHER).verify("software", evidence(4, OTHER), ALL);
    assertRefused(POLICY.forbidding(GOOD), evidence(4, GOOD), AttestationCheck.MEASUREMENT, "its code is not allowed");
  }

  @Test
  void aSignatureWithAnotherKeyIsRefused() throws Exception {
    assertRefused(POLICY, evidence(5, GOOD), AttestationCheck.SIGNATURE, "not signed with the key");
  }

  @Test
  void evidenceChangedInAnyByteIsRefused() throws Exception {
    byte[] genuine = evidence(4, GOOD);
    for (int at = 0; at < genuine.length; at++) {
      byte[] changed = genuine.clone();
      changed[at] ^= 1;
      assertThrows(RejectedEvidenceException.class, () -> POLICY.verify("software", changed, ALL), "byte " + at + " does not matter");
    }
    byte[] changedReport = genuine.clone();
    changedReport[40] ^= 1;
    assertRefused(POLICY, changedReport, AttestationCheck.SIGNATURE, "not signed with the key");
  }

  @Test
  void softwareAttestationIsRefusedUnlessTheOperatorSaysOtherwise() throws Exception {
    AttestationPolicy silent = AttestationPolicy.EMPTY.allowing(GOOD);
    assertFalse(silent.believesSoftware());
    assertTrue(POLICY.believesSoftware());
    assertRefused(silent, evidence(4, GOOD), AttestationCheck.PROVIDER, "'software' is not allowed here");
    assertThrows(RejectedEvidenceException.class, () -> POLICY.verify("sgx", evidence(4, GOOD), ALL));
  }

  @Test
  void theFormatsAreAsEver() throws Exception {
    byte[] evidence = GoldenFile.check("software-evidence", evidence(4, GOOD));
    assertEquals(GOOD, POLICY.verify("software", evidence, ALL).measurement());
    byte[] policy = GoldenFile.check("attestation-policy", POLICY.allowing(OTHER).encode());
    AttestationPolicy read = AttestationPolicy.decode(policy);
    assertEquals(Set.of(GOOD, OTHER), read.measurements());
    read.verify("software", evidence, ALL);
  }

  private static Stream<byte[]> evidence() {
    return Stream.of(evidence(4, GOOD), evidence(4, OTHER));
  }

  @MethodSource("evidence")
  @FuzzTest
  void evidence(byte[] bytes) {
    DecoderContract.of(SoftwareEvidence::decode).writtenBy(SoftwareEvidence::encode).check(bytes);
  }

  @MethodSource("evidence")
  @FuzzTest
  void believedEvidence(byte[] bytes) {
    DecoderContract.of(AttestationTest::believed).refusingWith(IllegalArgumentException.class).check(bytes);
  }

  private static Attested believed(byte[] evidence) {
    try {
      return POLICY.verify("software", evidence, ALL);
    } catch (RejectedEvidenceException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Stream<byte[]> policies() {
    return Stream.of(AttestationPolicy.EMPTY.encode(), POLICY.encode(), POLICY.allowing(OTHER).encode());
  }

  @MethodSource("policies")
  @FuzzTest
  void policies(byte[] bytes) {
    DecoderContract.of(AttestationPolicy::decode).writtenBy(AttestationPolicy::encode).check(bytes);
  }

  @Test
  void measurementsAreReadAsTheyAreWritten() {
    assertEquals(GOOD, Measurement.parse(GOOD.toString()));
    for (String text : new String[] {"", "00", "x".repeat(64), "0".repeat(62), "0".repeat(130), "0".repeat(65)}) {
      assertThrows(KvException.InvalidRequest.class, () -> Measurement.parse(text), text);
    }
  }

  /** The operator may believe a provider that this build does not know. */
  @Test
  void aProviderThatThisBuildCannotVerifyIsRefused() {
    ByteWriter policy = new ByteWriter(64).u8(1).varint(0).varint(1);
    AttestationPolicy other = AttestationPolicy.decode(ProviderName.encode("sgx", policy).bytes(filled(32, 9)).toByteArray());
    String message = assertThrows(RejectedEvidenceException.class, () -> other.verify("sgx", evidence(4, GOOD), ALL)).getMessage();
    assertTrue(message.contains("this build cannot verify attestation by 'sgx'"), message);
  }

  @Test
  void reportDataHaveOneLengthOnly() {
    for (int length : new int[] {0, REPORT.length - 1, REPORT.length + 1}) {
      assertThrows(IllegalArgumentException.class, () -> new SoftwareAttestation(key(4), GOOD).evidence(filled(length, 3)));
    }
  }

  @Test
  void aMeasurementIsEqualToNothingElse() {
    assertNotEquals(GOOD, OTHER);
    assertNotEquals(GOOD, GOOD.toString());
  }
}
