package org.treatydb.dist.enclave.counter;

import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.TrustedCounter.State;

/** What an operator's word is worth: it fills what was forgotten, and overrides nothing that is known. */
final class Adoption {

  private Adoption() {}

  /**
   * Checks a disk's state against what a member knows.
   *
   * @throws KvException.IntegrityViolation if the disk is not the newest
   */
  static void require(int member, Optional<Held> known, State found) {
    if (known.isPresent() && !known.get().allows(found)) {
      throw new KvException.IntegrityViolation(
          ErrorCode.ROLLBACK_DETECTED,
          "this disk is not the newest: it has " + found + ", node " + member + " remembers " + known.get().state(), null);
    }
  }
}
