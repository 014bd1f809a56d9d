package org.treatydb.kv.crash;

/** What a disk does wrong, so that a run must fail. */
public enum Weakness {
  NONE,

  /** A segment's sync makes durable only what the sync before it should have: the counter gets ahead of the disk. */
  SEGMENTS_ARE_SYNCED_ONE_SYNC_LATE,

  /** A crash undoes any of the deletes since the names of segments were synced, and so can leave a gap between segments. */
  DELETES_ARE_NOT_SYNCED,

  LEAVES_ARE_NOT_SYNCED,

  /** A crash undoes the newest confirmation of the WAL: commits are acknowledged before they are stable, and nothing on disk tells. */
  THE_COUNTER_CONFIRMS_LATE,

  /** A crash makes the counter forget the ends of logs that it keeps. */
  THE_COUNTER_FORGETS_TAILS,

  /** Every boot is given the same random bytes, and so salts, and keys with nonces, come again. */
  ENTROPY_REPEATS
}
