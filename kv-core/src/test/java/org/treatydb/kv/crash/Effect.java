package org.treatydb.kv.crash;

/** What the engine does to its host that outlives it, or should. */
public enum Effect {
  CREATE_SEGMENT,
  APPEND,
  SYNC_SEGMENT,
  TRUNCATE,
  DELETE_SEGMENT,
  APPLY_LEAVES,
  SYNC_LEAVES,
  REGISTER,
  BIND_EPOCH,
  CONFIRM
}
