package org.treatydb.dist.enclave.attest;

import java.nio.charset.StandardCharsets;
import org.treatydb.dist.boundary.AttestationProvider;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * The software provider's evidence: version, measurement (length and bytes), report data (64 bytes), Ed25519 signature (64 bytes) of all
 * before it behind the words {@code treaty software attestation}.
 */
record SoftwareEvidence(Measurement measurement, byte[] reportData, byte[] signature) {

  private static final int VERSION = 1;
  private static final int SIGNATURE_BYTES = 64;
  private static final byte[] DOMAIN = "treaty software attestation".getBytes(StandardCharsets.US_ASCII);

  /** What is signed. */
  static byte[] statement(Measurement measurement, byte[] reportData) {
    return new ByteWriter(192).raw(DOMAIN).raw(body(measurement, reportData)).toByteArray();
  }

  private static byte[] body(Measurement measurement, byte[] reportData) {
    return new ByteWriter(160).u8(VERSION).bytes(measurement.bytes()).raw(reportData).toByteArray();
  }

  byte[] encode() {
    return new ByteWriter(192).raw(body(measurement, reportData)).raw(signature).toByteArray();
  }

  static SoftwareEvidence decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    SoftwareEvidence evidence =
        new SoftwareEvidence(Measurement.decode(in), in.raw(AttestationProvider.REPORT_DATA_BYTES), in.raw(SIGNATURE_BYTES));
    in.expectEnd();
    return evidence;
  }
}
