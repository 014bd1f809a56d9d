package org.treatydb.kv.enclave.crypto;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which checks are made on what comes back from the host. A store makes all of them: {@link #ALL_ON} is all that can be
 * had outside this package. Tests switch single ones off, to show for each that without it an attack would succeed.
 * Immutable.
 */
public final class Defences {

  /** A check. */
  public enum Defence {
    /** Sealed bytes carry a tag that only the holder of the key can make. */
    TAG,
    /** A seal opens only where it was put: store, log, counter, leaf, flush, position. */
    PLACE,
    /** A leaf holds exactly the frames that the directory names. */
    DIRECTORY,
    /** A log leads to the digest that the trusted counter has confirmed. */
    LOG_DIGEST,
    /** The WAL leads through the head that the MANIFEST names. */
    WAL_HEAD,
    /** The MANIFEST leads through the heads that the WAL names at bulk loads. */
    MANIFEST_HEAD,
    /** The header is one that the MANIFEST names. */
    HEADER
  }

  public static final Defences ALL_ON = new Defences(EnumSet.allOf(Defence.class));

  private final Set<Defence> on;

  Defences(Set<Defence> on) {
    this.on = Set.copyOf(on);
  }

  public boolean isOn(Defence defence) {
    return on.contains(defence);
  }
}
