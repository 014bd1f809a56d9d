package org.treatydb.dist.enclave.participant;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.KvCursor;
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
  long lastNumber;
  byte[] lastAnswer;
  /** When it was last asked for something; any thread. */
  volatile long servedNanos;

  BranchContext(TransactionId transaction) {
    this.transaction = transaction;
  }

  /**
   * Lets go of a branch that has nothing to commit here. If it has voted, it may be part of a transaction that was committed elsewhere
   * alone, at a timestamp up to its clock limit: nobody is to write below that what it has read.
   */
  void rollBack(ParticipantStore store) {
    if (stage == Stage.VOTED) {
      store.mergeClock(clockLimit);
    }
    branch.rollback();
  }

  /** It is over, and nothing but that is remembered of it. */
  void end() {
    stage = Stage.ENDED;
    branch = null;
    lastAnswer = null;
  }

  void closeCursors() {
    cursors.values().forEach(ScanPages::close);
    cursors.clear();
  }

  /** A cursor, and how many pages it has given. */
  static final class ScanPages {

    private static final int[] ENTRIES = {16, 256, 1024};

    final KvCursor cursor;
    private int pages;

    ScanPages(KvCursor cursor) {
      this.cursor = cursor;
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
