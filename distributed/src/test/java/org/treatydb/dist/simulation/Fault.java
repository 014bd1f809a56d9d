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
  BIT_FLIP, TRUNCATE, DELETE, REPLAY_BLOCK, REPLAY_FILE, ROLLBACK, SWAP_BLOCKS, SWAP_FILES_OF_NODES, APPEND_OLD, FORK
}
