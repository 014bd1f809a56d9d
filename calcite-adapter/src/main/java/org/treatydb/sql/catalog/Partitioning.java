package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * How the rows of a table are dealt out to buckets, which lie far from each other in the key space, so that a cluster can have them on
 * several nodes. Immutable.
 *
 * @param buckets how many; 1 to {@link #BUCKETS_MAX}
 * @param columnIds the columns of the primary key whose values decide, in the order in which they are hashed; empty if there is one bucket
 *     only, or if the hidden row id decides
 */
public record Partitioning(int buckets, ImmutableList<Integer> columnIds) {

  /** So many buckets at most. */
  public static final int BUCKETS_MAX = 1024;

  /** All rows in one bucket. */
  public static final Partitioning NONE = new Partitioning(1, ImmutableList.of());

  public Partitioning {
    if (buckets < 1 || buckets > BUCKETS_MAX) {
      throw new IllegalArgumentException("a table has 1 to " + BUCKETS_MAX + " buckets, not " + buckets);
    }
  }

  public Partitioning(int buckets, List<Integer> columnIds) {
    this(buckets, ImmutableList.copyOf(columnIds));
  }

  /** Whether rows lie in more than one bucket. */
  public boolean isSpread() {
    return buckets > 1;
  }
}
