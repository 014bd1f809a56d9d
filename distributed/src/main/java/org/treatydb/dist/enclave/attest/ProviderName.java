package org.treatydb.dist.enclave.attest;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** A provider's name as part of other formats: its length and its letters, digits and hyphens. */
public final class ProviderName {

  private static final int BYTES_MAX = 32;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1," + BYTES_MAX + "}");

  private ProviderName() {}

  public static ByteWriter encode(String name, ByteWriter out) {
    return out.bytes(name.getBytes(StandardCharsets.US_ASCII));
  }

  public static String decode(ByteReader in) {
    String name = new String(in.bytes(BYTES_MAX), StandardCharsets.US_ASCII);
    if (!NAME.matcher(name).matches()) {
      throw new MalformedBytesException("no name of an attestation provider");
    }
    return name;
  }
}
