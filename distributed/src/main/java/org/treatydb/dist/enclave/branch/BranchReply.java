package org.treatydb.dist.enclave.branch;

import java.util.List;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;

/** What a participant answers. Arrays are shared and must not change. */
public sealed interface BranchReply {

  /** In the order of the keys asked for; null where there is none. */
  record Values(List<byte[]> values) implements BranchReply {}

  /**
   * Some of a cursor's entries.
   *
   * @param last whether the cursor has come to its end, and is closed
   */
  record Page(List<KeyValue> entries, boolean last) implements BranchReply {}

  /** Yes: see {@link org.treatydb.kv.enclave.txn.Branch.Vote}. */
  record Voted(long timestamp, long clockLimit) implements BranchReply {}

  /** Committed alone, at that timestamp. */
  record Committed(long timestamp) implements BranchReply {}

  /** Done, and nothing to tell. */
  record Done() implements BranchReply {}

  /** Not done. */
  record Failed(KvException failure) implements BranchReply {}
}
