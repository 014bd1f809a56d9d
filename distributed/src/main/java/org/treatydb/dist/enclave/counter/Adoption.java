package org.treatydb.dist.enclave.counter;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.TrustedCounter.State;

/** What an operator's word is worth: it fills what was forgotten, and overrides nothing that is known. */
final class Adoption {

  private Adoption() {}

  /**
   * What is on a disk, without what was left over at its logs' ends: what a later boot than any on that disk had recovered, if a member
   * remembers that. It has bound its epoch with that, and then ended before it could cut the logs or write anything. Whether the logs lead
   * through there is found out when they are read.
   */
  static State withoutLeftOver(State onDisk, Collection<CounterReply> answers) {
    List<Held> known = answers.stream().flatMap(each -> Stream.concat(each.held().stream(), each.remembered().stream())).toList();
    return known.stream().max(Comparator.comparingLong(Held::headsEpoch)).flatMap(newest -> newest.recoveredFrom(onDisk)).orElse(onDisk);
  }

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
