package org.treatydb.sql.exec;

/** The numbers of sequences, as one session gets them. Not thread-safe. */
public interface Sequences {

  /**
   * The next number of the sequence with this id. What it gives it does not give again, whatever becomes of the transaction.
   *
   * @throws org.treatydb.sql.error.SqlFailure 2200H if there are no more
   */
  long next(int sequenceId);

  /**
   * The number that this session has last got of the sequence with this id.
   *
   * @throws org.treatydb.sql.error.SqlFailure 55000 if it has got none
   */
  long current(int sequenceId);
}
