package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * Commits this node's transactions: alone where one node has written, in two phases otherwise (TREATY, section "two-phase commit"; what
 * is different here, decision record 001 says). Thread-safe.
 */
public final class Coordinator {

  private final DecisionLog decisions;
  private final DecisionDelivery delivery;
  private final InParallel parallel;

  public Coordinator(DecisionLog decisions, DecisionDelivery delivery, ThreadFactory threads) {
    this.decisions = decisions;
    this.delivery = delivery;
    this.parallel = new InParallel(threads);
  }

  /**
   * A transaction that is to be committed.
   *
   * @param branches all its branches, those that have not been asked for anything yet included
   * @param writes by node; nodes without any are not in it
   * @param floor gives a timestamp that it must be committed above
   * @param readsLock whether it has locked what it has read
   */
  public record Commit(
      TransactionId transaction, Map<Integer, RemoteBranch> branches, Map<Integer, List<WalRecord.Write>> writes, LongSupplier floor,
      boolean readsLock) {

    private List<WalRecord.Write> writesOf(RemoteBranch branch) {
      return writes.getOrDefault(branch.node(), List.of());
    }

    private List<RemoteBranch> readers() {
      return branches.values().stream().filter(branch -> !writes.containsKey(branch.node())).toList();
    }

    private long clock() {
      return branches.values().stream().mapToLong(RemoteBranch::lastClock).max().orElse(0);
    }
  }

  /**
   * Commits; when this returns, the transaction is committed for good.
   *
   * @throws KvException.UnknownOutcome if it cannot be told whether it is
   * @throws KvException it is not, and its branches are being undone
   */
  public void commit(Commit commit) {
    Runnable delivery;
    try {
      delivery = switch (commit.writes().size()) {
        case 0 -> endReads(commit);
        case 1 -> commitAlone(commit);
        default -> commitInTwoPhases(commit);
      };
    } catch (KvException.UnknownOutcome e) {
      throw e;
    } catch (RuntimeException e) {
      abort(commit.transaction(), commit.branches().values());
      throw e;
    }
    // Outside: nothing that goes wrong from here on may undo what is committed.
    delivery.run();
  }

  /** Undoes a transaction: tells its branches, without waiting for them. */
  public void abort(TransactionId transaction, Collection<RemoteBranch> branches) {
    decisions.end(transaction);
    delivery.abort(branches);
  }

  /**
   * Locks that were held together to the end show one state; whether they were, only the nodes know. And whether that was the newest, a
   * node only knows if its clock is a majority's: an old copy that was cut off does not get it past its limit.
   */
  private Runnable endReads(Commit commit) {
    if (commit.readsLock() && !commit.branches().isEmpty()) {
      vote(commit, commit.readers(), Math.max(commit.floor().getAsLong(), commit.clock()));
    }
    decisions.end(commit.transaction());
    return () -> delivery.release(commit.branches().values(), commit.clock());
  }

  private Runnable commitAlone(Commit commit) {
    RemoteBranch writer = commit.branches().get(commit.writes().keySet().iterator().next());
    List<RemoteBranch> readers = commit.readers();
    long floor = commit.floor().getAsLong();
    long ceiling = Long.MAX_VALUE;
    if (!readers.isEmpty()) {
      List<BranchReply.Voted> votes = vote(commit, readers, Math.max(floor, commit.clock()));
      floor = Math.max(floor, timestamp(votes));
      // Above it, a reader that restarts could let somebody overwrite what was read, at a smaller timestamp.
      ceiling = votes.stream().mapToLong(BranchReply.Voted::clockLimit).min().orElseThrow();
    }
    try {
      BranchReply.Committed committed = commitAt(writer, commit, floor, ceiling);
      return () -> delivery.release(readers, committed.timestamp());
    } catch (KvException.UnknownOutcome e) {
      // If it is committed, then not above the ceiling.
      delivery.release(readers, ceiling);
      throw e;
    } finally {
      decisions.end(commit.transaction());
    }
  }

  private static BranchReply.Committed commitAt(RemoteBranch writer, Commit commit, long floor, long ceiling) {
    try {
      return (BranchReply.Committed) writer.call(new BranchRequest.CommitAlone(commit.writesOf(writer), floor, ceiling));
    } catch (KvException e) {
      if (e.code() == ErrorCode.NODE_UNREACHABLE || writer.repeated()) {
        throw new KvException.UnknownOutcome(
            "the commit of transaction " + commit.transaction() + " was under way when node " + writer.node() + " went silent", e);
      }
      throw e;
    }
  }

  private Runnable commitInTwoPhases(Commit commit) {
    List<BranchReply.Voted> votes = vote(commit, commit.branches().values(), commit.clock());
    long timestamp = Math.max(timestamp(votes), commit.floor().getAsLong() + 1);
    if (votes.stream().anyMatch(vote -> vote.clockLimit() < timestamp)) {
      takeClock(commit, timestamp);
    }
    List<Integer> participants = List.copyOf(commit.branches().keySet());
    ClogRecord.Committed decision = new ClogRecord.Committed(commit.transaction(), timestamp, participants);
    delivery.mergeOwnClock(timestamp);
    decisions.commit(decision);
    return () -> delivery.deliver(decision, commit.branches().values());
  }

  private List<BranchReply.Voted> vote(Commit commit, Collection<RemoteBranch> branches, long floor) {
    List<Supplier<BranchReply.Voted>> votes = new ArrayList<>(branches.size());
    branches.forEach(
        branch -> votes.add(() -> (BranchReply.Voted) branch.call(new BranchRequest.Prepare(commit.writesOf(branch), floor))));
    return parallel.all(votes);
  }

  /** After a restart, too, no participant may draw a timestamp below that of the commit. */
  private void takeClock(Commit commit, long timestamp) {
    delivery.mergeOwnClock(timestamp);
    List<Supplier<BranchReply>> all = new ArrayList<>();
    commit.branches().values().forEach(branch -> all.add(() -> branch.call(new BranchRequest.TakeClock())));
    parallel.all(all);
  }

  private static long timestamp(List<BranchReply.Voted> votes) {
    return votes.stream().mapToLong(BranchReply.Voted::timestamp).max().orElseThrow();
  }
}
