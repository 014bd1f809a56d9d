package org.treatydb.kv.boundary;

import java.io.IOException;
import java.util.List;

/**
 * The segments of one log, as files of sealed bytes on the untrusted disk. Not thread-safe, except that different files
 * are independent.
 */
public interface SealedLogStorage {

  /** The ids of the segments there are, ascending. */
  List<Long> segments() throws IOException;

  /** Creates an empty segment. Durable, with its name, after the first {@link SealedLogFile#sync}. */
  SealedLogFile create(long segment) throws IOException;

  SealedLogFile open(long segment) throws IOException;

  /**
   * Deletes a segment, durably; no effect if there is none. Were deletes free to reach the disk later and in any order, a
   * crash could leave a gap between segments, which looks like an attack.
   */
  void delete(long segment) throws IOException;
}
