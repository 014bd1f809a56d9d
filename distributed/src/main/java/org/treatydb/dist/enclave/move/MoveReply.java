package org.treatydb.dist.enclave.move;

import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;

/** What a node answers that was asked about a range. Immutable. */
sealed interface MoveReply {

  /** That part of the range has moved. */
  record Gave(KeyRange range, long rows) implements MoveReply {}

  /** Done; the clock of who answers. */
  record Done(long clock) implements MoveReply {}

  /** Not done. */
  record Failed(KvException failure) implements MoveReply {}
}
