package org.treatydb.kv.api;

/**
 * What went wrong, each with its SQLState (SQL:2016 part 2, table 38; classes 53–58, 72 and XX, and 25P, as PostgreSQL assigns them).
 */
public enum ErrorCode {
  DEADLOCK("40001"),
  LOCK_TIMEOUT("40001"),
  SERIALIZATION_CONFLICT("40001"),
  NODE_UNREACHABLE("40001"),
  STALE_SHARD_MAP("40001"),
  BRANCH_LOST("40001"),
  OUTCOME_UNKNOWN("08007"),
  STORE_CLOSED("08003"),
  STORE_CLOSING("57P01"),
  TRANSACTION_ENDED("25000"),
  IDLE_TIMEOUT("25P03"),
  TRANSACTION_TIMEOUT("25P04"),
  SNAPSHOT_TOO_OLD("72000"),
  READ_ONLY_TRANSACTION("25006"),
  INVALID_SAVEPOINT("3B001"),
  LIMIT_EXCEEDED("54000"),
  OUT_OF_LOCK_MEMORY("53200"),
  TOO_MANY_UNCOMMITTED_WRITES("53200"),
  INVALID_ARGUMENT("22023"),
  CANCELLED("57014"),
  WRONG_KEY("28000"),
  JOIN_REFUSED("28000"),
  STORE_IN_USE("55006"),
  NOT_A_STORE("58P01"),
  IO_FAILURE("58030"),
  INTEGRITY_VIOLATION("XX001"),
  ROLLBACK_DETECTED("XX001"),
  FENCED("XX001");

  private final String sqlState;

  ErrorCode(String sqlState) {
    this.sqlState = sqlState;
  }

  public String sqlState() {
    return sqlState;
  }
}
