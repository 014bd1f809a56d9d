package org.treatydb.dist.enclave.participant;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * A branch as its participant serves it: one request at a time, the answer of the last one kept for a coordinator that asks again. Its
 * fields belong to who holds the lock, unless they say otherwise.
 */
final class BranchContext {

  /** How far a branch has come. */
  enum Stage { OPEN, VOTED, ENDED }

  final ReentrantLock lock = new ReentrantLock();
  final TransactionId transaction;
  final Map<Integer, ScanPages> cursors = new HashMap<>();
  Branch branch;
  Stage stage = Stage.OPEN;
  /** Whether it has voted with something to commit. */
  boolean hasWrites;
  /** The clock limit that it has voted with. */
  long clockLimit;
  /** How many ranges had been fenced here when it began. */
  long fences;
  long lastNumber;
  byte[] lastAnswer;
  /** When it was last asked for something; any thread. */
  volatile long servedNanos;

  BranchContext(TransactionId transaction) {
    this.transaction = transaction;
  }

  /** Ends the branch as its transaction has ended; nothing but that is remembered of it. No effect if it has ended before. */
  void end(Outcome outcome, ParticipantStore store) {
    closeCursors();
    if (hasWrites || branch == null) {
      endPrepared(transaction, outcome, store);
    } else {
      endReading(outcome, store);
    }
    stage = Stage.ENDED;
    branch = null;
    lastAnswer = null;
  }

  /** Ends what is prepared of a transaction, in this boot or an earlier one; no effect if nothing is (any more). */
  static void endPrepared(TransactionId transaction, Outcome outcome, ParticipantStore store) {
    switch (outcome) {
      case Outcome.Committed committed -> {
        store.mergeClock(committed.timestamp());
        store.commitPrepared(transaction, committed.timestamp());
      }
      case Outcome.Aborted _ -> store.abortPrepared(transaction);
      case Outcome.Undecided _ -> throw new IllegalArgumentException("nothing ends undecided");
    }
  }

  /**
   * Lets go of a branch that has nothing to commit here. If it has voted, it may be part of a transaction that was committed elsewhere
   * alone, at a timestamp up to its clock limit: nobody is to write below that what it has read.
   */
  private void endReading(Outcome outcome, ParticipantStore store) {
    if (outcome instanceof Outcome.Committed committed) {
      branch.release(committed.timestamp());
      return;
    }
    if (stage == Stage.VOTED) {
      store.mergeClock(clockLimit);
    }
    branch.rollback();
  }

  ScanPages openCursor(int name) {
    ScanPages pages = cursors.get(name);
    if (pages == null) {
      throw new KvException.Closed(ErrorCode.TRANSACTION_ENDED, "the cursor is closed");
    }
    return pages;
  }

  void closeCursors() {
    cursors.values().forEach(ScanPages::close);
    cursors.clear();
  }

  /** A cursor, and how many pages it has given. */
  static final class ScanPages {

    private static final int[] ENTRIES = {16, 256, 1024};

    final KvCursor cursor;
    final KeyRange range;
    private int pages;

    ScanPages(KvCursor cursor, KeyRange range) {
      this.cursor = cursor;
      this.range = range;
    }

    /** How many entries the next page may have: few at first, since each is locked. */
    int nextPageEntries() {
      return ENTRIES[Math.min(pages++, ENTRIES.length - 1)];
    }

    void close() {
      cursor.close();
    }
  }
}
