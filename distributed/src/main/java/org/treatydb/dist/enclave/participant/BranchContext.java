package org.treatydb.dist.enclave.participant;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.txn.Branch;

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
  long lastNumber;
  byte[] lastAnswer;
  /** When it was last asked for something; any thread. */
  volatile long servedNanos;

  BranchContext(TransactionId transaction) {
    this.transaction = transaction;
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
