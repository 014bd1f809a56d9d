package org.treatydb.dist.enclave.cas;

import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.dist.enclave.attest.ProviderName;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * The last certificate that a node was given. Immutable.
 *
 * @param serial its number; those of one cluster are given in ascending order
 * @param provider by which the node was attested
 * @param measurement of the code that was attested
 * @param timeMillis when, by the host's clock, since 1970-01-01 UTC
 */
public record IssuedCertificate(long serial, String provider, Measurement measurement, long timeMillis) {

  private static final int VERSION = 1;

  byte[] encode() {
    return ProviderName.encode(provider, new ByteWriter(128).u8(VERSION).i64(serial).i64(timeMillis))
        .bytes(measurement.bytes()).toByteArray();
  }

  /** Fails with {@link MalformedBytesException} if these bytes are none. */
  static IssuedCertificate decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    long serial = in.i64();
    long timeMillis = in.i64();
    IssuedCertificate issued = new IssuedCertificate(serial, ProviderName.decode(in), Measurement.decode(in), timeMillis);
    in.expectEnd();
    return issued;
  }
}
