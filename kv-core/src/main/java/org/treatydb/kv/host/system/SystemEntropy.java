package org.treatydb.kv.host.system;

import java.security.SecureRandom;
import org.treatydb.kv.boundary.Entropy;

/** The JDK's default cryptographic generator, seeded by the kernel. */
public final class SystemEntropy implements Entropy {

  private final SecureRandom random = new SecureRandom();

  @Override
  public byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
