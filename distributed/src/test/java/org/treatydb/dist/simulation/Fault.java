package org.treatydb.dist.simulation;

/** What can go wrong in the simulated world. */
enum Fault {
  // Processes.
  CRASH, POWER_CUT, CRASH_IN_RECOVERY, PAUSE, SLOW, CLOCK_JUMP,
  // Disks.
  UNSYNCED_LOST, IO_ERROR, DISK_FULL,
  // Network.
  DROP, DELAY, DUPLICATE, REORDER, ONE_WAY_PARTITION, CLOG,
  // The adversary at the disk.
  BIT_FLIP, TRUNCATE, DELETE, REPLAY_BLOCK, REPLAY_FILE, ROLLBACK, SWAP_BLOCKS, SWAP_FILES_OF_NODES, APPEND_OLD, SWAP_LEAVES,
  OLD_LEAVES, OTHER_PAST, FORK,
  // The adversary on the wire.
  TAMPER, REPLAY_IN_SESSION, REPLAY_ACROSS_SESSIONS, REFLECT, REDIRECT, MAN_IN_THE_MIDDLE, STALE_IDENTITY,
  // What a power cut may do to what was being written.
  TORN_WRITE, REORDERED_WRITE,
  // Of scenarios: what takes several steps.
  UNCONFIRMED_PAST, LIVE_COPY, ADOPTED_MIX,
  // What operators do meanwhile.
  ADOPTION, RANGE_MOVED
}
