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

  /** Deletes a segment; no effect if there is none. */
  void delete(long segment) throws IOException;
}
