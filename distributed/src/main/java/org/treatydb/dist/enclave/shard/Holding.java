package org.treatydb.dist.enclave.shard;

import org.treatydb.kv.api.KeyRange;

/** What a node remembers of a range that came or went in a move. Immutable. */
public sealed interface Holding {

  KeyRange range();

  /** The same of a part of the range. */
  Holding of(KeyRange part);

  /**
   * The node gives the range away: from now on it serves nothing there but snapshots up to a timestamp. Whether the other node has it yet,
   * the shard map says.
   *
   * @param to the node that gets it
   * @param snapshotMin snapshots below this timestamp would miss here what they have to see
   * @param snapshotMax what is committed at or below this timestamp is all here
   */
  record Giving(KeyRange range, int to, long snapshotMin, long snapshotMax) implements Holding {

    @Override
    public Holding of(KeyRange part) {
      return new Giving(part, to, snapshotMin, snapshotMax);
    }
  }

  /** The range has been given away, and all is done. What older snapshots read is kept here as long as any versions are. */
  record Given(KeyRange range, long snapshotMin, long snapshotMax) implements Holding {

    @Override
    public Holding of(KeyRange part) {
      return new Given(part, snapshotMin, snapshotMax);
    }
  }

  /** The node has been given the range, if the shard map says so; {@code snapshotMin} as in {@link Giving}. */
  record Taken(KeyRange range, long snapshotMin) implements Holding {

    @Override
    public Holding of(KeyRange part) {
      return new Taken(part, snapshotMin);
    }
  }
}
