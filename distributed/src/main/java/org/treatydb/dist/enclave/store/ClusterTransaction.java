package org.treatydb.dist.enclave.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.clock.ClusterClock;
import org.treatydb.dist.enclave.commit.Coordinator;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.MergedCursor;
import org.treatydb.kv.enclave.wal.WalRecord;
import org.treatydb.kv.enclave.writes.WriteBuffer;

/**
 * A transaction over the nodes of a cluster, of any kind. What it writes stays here until the commit; what it reads is locked or noted,
 * or read at its timestamp, by its branches.
 */
final class ClusterTransaction extends AbstractTransaction {

  private final ClusterContext context;
  private final BranchCall.Mode mode;
  private final Branches branches;
  private final WriteBuffer writes;
  /** The clocks of a majority, read after the transaction's begin. */
  private final CompletableFuture<Long> floor;
  private boolean decided;

  ClusterTransaction(TransactionId id, ClusterContext context, TransactionOptions options) {
    super(id, kind(options), context.surroundings(), options);
    this.context = context;
    this.mode = switch (kind(options)) {
      case READ_ONLY -> BranchCall.Mode.READ_ONLY;
      case PESSIMISTIC -> BranchCall.Mode.LOCKING;
      case OPTIMISTIC -> BranchCall.Mode.OPTIMISTIC;
    };
    this.floor = context.clock().begin();
    long timestamp = mode == BranchCall.Mode.LOCKING ? 0 : ClusterClock.await(floor);
    this.branches = new Branches(context, id, mode, timestamp, TimeUnit.NANOSECONDS.convert(options.lockTimeout()));
    this.writes = new WriteBuffer(context.budget());
  }

  private static TransactionView.Kind kind(TransactionOptions options) {
    if (options.readOnly()) {
      return TransactionView.Kind.READ_ONLY;
    }
    return switch (options.concurrencyControl()) {
      case PESSIMISTIC -> TransactionView.Kind.PESSIMISTIC;
      case OPTIMISTIC -> TransactionView.Kind.OPTIMISTIC;
    };
  }

  private void requireWritable(boolean wanted) {
    if (wanted && mode == BranchCall.Mode.READ_ONLY) {
      throw new KvException.InvalidRequest(ErrorCode.READ_ONLY_TRANSACTION, "the transaction is read-only");
    }
  }

  @Override
  protected byte[] read(byte[] key, boolean forUpdate) {
    requireWritable(forUpdate);
    return writes.contains(key) ? writes.get(key) : branches.get(key, forUpdate);
  }

  @Override
  protected List<byte[]> readAll(List<byte[]> keys) {
    List<byte[]> elsewhere = keys.stream().filter(key -> !writes.contains(key)).toList();
    Iterator<byte[]> read = branches.multiGet(elsewhere).iterator();
    List<byte[]> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(writes.contains(key) ? writes.get(key) : read.next()));
    return values;
  }

  @Override
  protected KvCursor openScan(KeyRange range, ScanOptions options) {
    requireWritable(options.forUpdate());
    ClusterScan stored = branches.scan(range, options);
    EntryCursor seen = writes.isEmptyIn(range)
        ? stored
        : new MergedCursor(List.of(writes.scan(range, options.reverse()), stored), options.reverse());
    return new OwnersCursor(opened(seen, stored::forget), stored);
  }

  @Override
  protected void write(byte[] key, byte[] value) {
    requireWritable(true);
    writes.put(key, value);
  }

  @Override
  protected Savepoint mark() {
    return writes.mark();
  }

  @Override
  protected void undoTo(Savepoint savepoint) {
    writes.rollbackTo(savepoint);
  }

  @Override
  protected void forget(Savepoint savepoint) {
    writes.release(savepoint);
  }

  @Override
  protected void commitWrites() {
    Map<Integer, List<WalRecord.Write>> placed = branches.place(writes.toRecord());
    decided = true;
    context.coordinator().commit(new Coordinator.Commit(
        id(), branches.all(), placed, () -> ClusterClock.await(floor), mode == BranchCall.Mode.LOCKING));
  }

  @Override
  protected long writtenBytes() {
    return writes.charged();
  }

  @Override
  protected void giveBack() {
    writes.giveBack();
    if (!decided) {
      context.coordinator().abort(id(), branches.all().values());
    }
    context.sequences().end(id().sequence());
  }
}
