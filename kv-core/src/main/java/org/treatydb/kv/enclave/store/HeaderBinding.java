package org.treatydb.kv.enclave.store;

import java.util.List;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.crypto.Defences;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.StoreHeader;
import org.treatydb.kv.enclave.manifest.ManifestState;

/**
 * Binds the store's header to the MANIFEST, so that an old header, with the root key of then, is noticed: each boot
 * checks the header it was opened with against those the last one named, and names the good ones itself.
 */
public final class HeaderBinding {

  /** For a store without a header. */
  public static final HeaderBinding NONE = new HeaderBinding(Optional.empty(), List.of());

  private final Optional<byte[]> present;
  private final List<byte[]> good;

  private HeaderBinding(Optional<byte[]> present, List<byte[]> good) {
    this.present = present;
    this.good = good;
  }

  /** The store was opened with this header, and no other is good. */
  public static HeaderBinding to(StoreHeader present) {
    return new HeaderBinding(Optional.of(present.digest()), List.of(present.digest()));
  }

  /** The store was opened with one header, which is about to be replaced by another: until the next boot both are good. */
  public static HeaderBinding toBoth(StoreHeader present, StoreHeader next) {
    return new HeaderBinding(Optional.of(present.digest()), List.of(present.digest(), next.digest()));
  }

  /** Refuses the header if {@code manifest} names others. */
  void check(ManifestState manifest, KeySchedule keys) {
    if (present.isPresent() && !manifest.accepts(present.get()) && keys.defences().isOn(Defences.Defence.HEADER)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "the store's header is not the one in use: an older one, from before the root key was changed, was put back", null);
    }
  }

  ManifestState bind(ManifestState state) {
    return state.withHeaders(good);
  }
}
