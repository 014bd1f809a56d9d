package org.treatydb.sql.catalog;

import java.util.List;
import org.treatydb.sql.type.KeyCodec;

/** The keys of a table's rows, or of an index's entries, and the buckets they lie in. Immutable, thread-safe. */
public interface KeySpace {

  /** The codec of the keys that bounds are made for; with {@link #prefix}. */
  KeyCodec keys();

  /** What every key in the first bucket begins with. */
  byte[] prefix();

  /** How many buckets there are. */
  int buckets();

  /** The number, from 0, of the bucket of all keys whose first columns have these values; -1 if they are not all in one. */
  int bucketOf(List<?> keyValues);

  /** {@code key}, which is of the first bucket, in the bucket with this number. */
  byte[] inBucket(byte[] key, int number);
}
