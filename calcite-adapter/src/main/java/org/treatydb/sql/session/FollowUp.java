package org.treatydb.sql.session;

/** What a statement in autocommit mode does once its transaction has committed: in transactions of its own, while others go on. */
interface FollowUp {

  /**
   * Does it.
   *
   * @param goOn asked before each transaction; if it throws, what is done stays done
   */
  void run(Runnable goOn);

  /** Takes back what the statement has done, because {@link #run} failed by conflicts with others, or was cancelled. */
  void undo();
}
