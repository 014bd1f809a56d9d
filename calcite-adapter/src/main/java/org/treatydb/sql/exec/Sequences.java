package org.treatydb.sql.exec;

/** Hands out the numbers of sequences. Thread-safe. */
@FunctionalInterface
public interface Sequences {

  /**
   * The next number of the sequence with this id. What it gives it does not give again, whatever becomes of the transaction.
   *
   * @throws org.treatydb.sql.error.SqlFailure 2200H if there are no more
   */
  long next(int sequenceId);
}
