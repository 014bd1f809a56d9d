package org.treatydb.dist.enclave.participant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchAnswer;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.branch.Outcome;
import org.treatydb.dist.enclave.participant.BranchContext.Stage;
import org.treatydb.dist.enclave.shard.OwnRanges;
import org.treatydb.kv.api.ConcurrencyControl;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.enclave.txn.ParticipantStore;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Serves branches of transactions to their coordinators. Only the coordinator that a transaction's id names may ask for anything in it,
 * in its newest boot. Every request is executed at most once: one that comes again gets the first execution's answer, one of a branch
 * that has ended is refused. Decisions may come at any time, and again and again. Thread-safe.
 */
public final class ParticipantService implements Transport.Handler {

  /** Cursors that a branch can have open. */
  static final int CURSORS_MAX = 1024;

  private static final int PAGE_BYTES_TARGET = 256 << 10;

  private final ParticipantStore store;
  private final OwnRanges ranges;
  private final OpenBranches branches;

  public ParticipantService(ParticipantStore store, OwnRanges ranges, OpenBranches branches) {
    this.store = store;
    this.ranges = ranges;
    this.branches = branches;
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    BranchCall call = BranchCodec.decodeCall(new ByteReader(request));
    try {
      if (peer.node() != call.transaction().node()) {
        throw new KvException.InvalidRequest(
            ErrorCode.INVALID_ARGUMENT, "node " + peer.node() + " does not coordinate transaction " + call.transaction());
      }
      store.mergeClock(call.clock());
      return call.request().isDecision() ? encoded(decide(call)) : serve(call);
    } catch (KvException e) {
      return encoded(new BranchReply.Failed(e));
    }
  }

  private byte[] encoded(BranchReply reply) {
    ByteWriter out = new ByteWriter(64);
    BranchCodec.encode(new BranchAnswer(store.clock(), reply), out);
    return out.toByteArray();
  }

  private byte[] serve(BranchCall call) {
    BranchContext context = branches.admit(call);
    context.lock.lock();
    try {
      if (call.number() == context.lastNumber && context.lastAnswer != null) {
        return context.lastAnswer;
      }
      if (call.number() != context.lastNumber + 1 || context.stage == Stage.ENDED) {
        throw lost(call);
      }
      context.lastNumber = call.number();
      context.lastAnswer = null;
      context.lastAnswer = encoded(answer(context, call));
      return context.lastAnswer;
    } finally {
      branches.served(context);
      context.lock.unlock();
    }
  }

  static KvException lost(BranchCall call) {
    return new KvException.Retryable(
        ErrorCode.BRANCH_LOST, "a node no longer knows its part of transaction " + call.transaction() + "; run the transaction again");
  }

  private BranchReply answer(BranchContext context, BranchCall call) {
    try {
      if (context.branch == null) {
        context.fences = ranges.fences();
        context.branch = begin(call);
      }
      return execute(context, call);
    } catch (KvException e) {
      return new BranchReply.Failed(e);
    }
  }

  /** Its timeouts are its coordinator's, who ends it; see {@link OpenBranches} for a coordinator that is gone. */
  private Branch begin(BranchCall call) {
    TransactionOptions options = TransactionOptions.READ_WRITE
        .withLockTimeout(Duration.ofNanos(call.lockTimeoutNanos()))
        .withTimeout(TransactionLimits.UNLIMITED).withIdleTimeout(TransactionLimits.UNLIMITED);
    return switch (call.mode()) {
      case LOCKING -> store.beginBranch(call.transaction(), options);
      case OPTIMISTIC -> store.beginBranch(
          call.transaction(), options.withConcurrencyControl(ConcurrencyControl.OPTIMISTIC), call.timestamp());
      case READ_ONLY -> store.beginBranch(call.transaction(), options.withReadOnly(true), call.timestamp());
    };
  }

  private BranchReply execute(BranchContext context, BranchCall call) {
    Branch branch = context.branch;
    return switch (call.request()) {
      case BranchRequest.Get get -> here(call, List.of(KeyRange.point(get.key())), () -> {
        List<byte[]> values = new ArrayList<>(1);
        values.add(get.forUpdate() ? branch.getForUpdate(get.key()) : branch.get(get.key()));
        return new BranchReply.Values(values);
      });
      case BranchRequest.MultiGet get -> here(
          call, get.keys().stream().map(KeyRange::point).toList(), () -> new BranchReply.Values(branch.multiGet(get.keys())));
      case BranchRequest.Scan scan -> here(call, List.of(scan.range()), () -> open(context, scan));
      case BranchRequest.Next next -> {
        BranchContext.ScanPages pages = context.openCursor(next.cursor());
        yield here(call, List.of(pages.range), () -> page(context, next.cursor()));
      }
      case BranchRequest.CloseCursor close -> {
        BranchContext.ScanPages pages = context.cursors.remove(close.cursor());
        if (pages != null) {
          pages.close();
        }
        yield new BranchReply.Done();
      }
      case BranchRequest.Prepare prepare -> {
        Runnable check = write(context, call, prepare.writes());
        Branch.Vote vote = branch.prepare(prepare.floor(), check);
        context.stage = Stage.VOTED;
        context.hasWrites = !prepare.writes().isEmpty();
        context.clockLimit = vote.clockLimit();
        yield new BranchReply.Voted(vote.timestamp(), vote.clockLimit());
      }
      case BranchRequest.CommitAlone commit -> {
        Runnable check = write(context, call, commit.writes());
        long timestamp = branch.commit(commit.floor(), commit.ceiling(), check);
        context.stage = Stage.ENDED;
        context.branch = null;
        yield new BranchReply.Committed(timestamp);
      }
      case BranchRequest.TakeClock _ -> new BranchReply.Done();
      case BranchRequest.Commit _, BranchRequest.Abort _ -> throw new IllegalStateException("decisions go another way");
    };
  }

  /**
   * Does {@code work} on keys that are here: before it, so that nobody waits for locks in vain, and after it, since only who has the locks
   * keeps the keys from going away.
   */
  private BranchReply here(BranchCall call, List<KeyRange> keys, Supplier<BranchReply> work) {
    long fences = ranges.fences();
    requireHere(call, keys, call.lockTimeoutNanos());
    BranchReply reply = work.get();
    if (ranges.fences() != fences) {
      // With locks in its hands it does not wait: what gives the range away may have to.
      requireHere(call, keys, 0);
    }
    return reply;
  }

  private void requireHere(BranchCall call, List<KeyRange> keys, long waitNanosMax) {
    if (call.mode() != BranchCall.Mode.READ_ONLY) {
      ranges.requireNewest(keys, waitNanosMax);
    }
    if (call.mode() != BranchCall.Mode.LOCKING) {
      ranges.requireSnapshot(keys, call.timestamp(), waitNanosMax);
    }
  }

  /** Writes; what is returned is to be called when all is locked: an optimistic branch gets its locks, also on what it has read, late. */
  private Runnable write(BranchContext context, BranchCall call, List<WalRecord.Write> writes) {
    context.closeCursors();
    long fences = call.mode() == BranchCall.Mode.OPTIMISTIC ? context.fences : ranges.fences();
    List<KeyRange> keys = writes.stream().map(write -> KeyRange.point(write.key())).toList();
    requireHere(call, keys, call.lockTimeoutNanos());
    for (WalRecord.Write write : writes) {
      if (write.value() == null) {
        context.branch.delete(write.key());
      } else {
        context.branch.put(write.key(), write.value());
      }
    }
    return () -> {
      if (ranges.fences() != fences) {
        if (call.mode() == BranchCall.Mode.OPTIMISTIC) {
          throw new KvException.Retryable(
              ErrorCode.STALE_SHARD_MAP, "keys have moved to another node, perhaps some that were read; run the transaction again");
        }
        requireHere(call, keys, 0);
      }
    };
  }

  private BranchReply open(BranchContext context, BranchRequest.Scan scan) {
    if (context.cursors.size() >= CURSORS_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED, "a transaction may have " + CURSORS_MAX + " cursors open");
    }
    ScanOptions options = new ScanOptions(scan.reverse(), scan.forUpdate());
    context.cursors.put(scan.cursor(), new BranchContext.ScanPages(context.branch.scan(scan.range(), options), scan.range()));
    return page(context, scan.cursor());
  }

  private static BranchReply page(BranchContext context, int cursor) {
    BranchContext.ScanPages pages = context.openCursor(cursor);
    int entriesMax = pages.nextPageEntries();
    List<KeyValue> entries = new ArrayList<>();
    long bytes = 0;
    while (entries.size() < entriesMax && bytes < PAGE_BYTES_TARGET) {
      if (!pages.cursor.next()) {
        context.cursors.remove(cursor);
        pages.close();
        return new BranchReply.Page(entries, true);
      }
      KeyValue entry = new KeyValue(pages.cursor.key(), pages.cursor.value());
      bytes += entry.key().length + entry.value().length;
      entries.add(entry);
    }
    return new BranchReply.Page(entries, false);
  }

  private BranchReply decide(BranchCall call) {
    Outcome outcome = call.request() instanceof BranchRequest.Commit commit
        ? new Outcome.Committed(commit.timestamp())
        : new Outcome.Aborted();
    BranchContext context = branches.leave(call);
    if (context == null) {
      BranchContext.endPrepared(call.transaction(), outcome, store);
      return new BranchReply.Done();
    }
    context.lock.lock();
    try {
      context.end(outcome, store);
      return new BranchReply.Done();
    } finally {
      context.lock.unlock();
    }
  }
}
