package org.treatydb.dist.node;

import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.branch.BranchOwner;
import org.treatydb.dist.enclave.branch.RemoteBranch;
import org.treatydb.dist.enclave.clock.ClusterClock;
import org.treatydb.dist.enclave.commit.ClogCodec;
import org.treatydb.dist.enclave.commit.Coordinator;
import org.treatydb.dist.enclave.commit.DecisionDelivery;
import org.treatydb.dist.enclave.commit.DecisionLog;
import org.treatydb.dist.enclave.commit.OutcomeService;
import org.treatydb.dist.enclave.deadlock.ClusterDeadlocks;
import org.treatydb.dist.enclave.move.MovingNode;
import org.treatydb.dist.enclave.move.RangeMoves;
import org.treatydb.dist.enclave.participant.BranchResolver;
import org.treatydb.dist.enclave.participant.OpenBranches;
import org.treatydb.dist.enclave.participant.ParticipantService;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.enclave.shard.OwnRanges;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.dist.enclave.store.ClusterStore;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.lifecycle.AbstractTransaction;

/**
 * A node of a cluster, its parts put together: it keeps the counters of the others, serves its own keys to whoever coordinates, and
 * coordinates what begins here. Thread-safe.
 */
public final class ClusterNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

  private static final long CLOCK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int RECOVERIES_MAX = 10;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final NodeStore local;
  private final DecisionLog decisions;
  private final DecisionDelivery delivery;
  private final BranchResolver resolver;
  private final ClusterDeadlocks deadlocks;
  private final OwnRanges ranges;
  private final RangeMoves moves;
  private final AbstractTransaction.Surroundings surroundings;
  private final ClusterStore store;

  /**
   * What a node is made of.
   *
   * @param node its number
   * @param others the numbers of the others
   * @param transport serves already, with {@code services}
   * @param ownClock the clock that {@code transport} and {@code counter} have been given; gets its store here
   * @param counter counts this node's logs
   * @param open recovers the node's own store under that counter
   * @param threads makes virtual threads
   */
  public record Parts(
      int node, List<Integer> others, Transport transport, Services services, LocalClock ownClock, TrustedCounter counter,
      Function<TrustedCounter, NodeStore> open, ShardMaps shards, Clock clock, ThreadFactory threads) {}

  /**
   * Recovers the node and begins to serve.
   *
   * @throws org.treatydb.kv.api.KvException as {@link NodeStore} says
   */
  public ClusterNode(Parts parts) {
    this.local = recovered(parts);
    try {
      parts.ownClock().setStore(local);
      this.surroundings = local.newSurroundings();
      this.decisions = new DecisionLog(
          local.bootEpoch(), replay -> local.openClog(new ClogCodec(), replay), surroundings.health()::fail);
    } catch (RuntimeException | Error e) {
      local.close();
      throw e;
    }
    ClusterClock clock =
        new ClusterClock(parts.ownClock(), parts.others(), parts.transport(), parts.threads(), CLOCK_TIMEOUT_NANOS);
    OpenBranches branches = new OpenBranches(parts.clock());
    this.delivery = new DecisionDelivery(decisions, this::earlierBranch, parts.ownClock(), parts.threads(), parts.clock());
    this.resolver = new BranchResolver(local, branches, parts.transport(), parts.clock());
    this.ranges = new OwnRanges(parts.node(), parts.shards(), decisions.holdings(), decisions.mapVersion(), parts.clock());
    this.moves = new RangeMoves(new MovingNode(
        parts.node(), parts.others(), local, decisions, ranges, parts.shards(), parts.transport(), parts.clock(), parts.threads()));
    this.deadlocks = new ClusterDeadlocks(local, parts.others(), parts.transport(), parts.clock());
    this.store = new ClusterStore(new ClusterStore.Parts(
        parts.node(), local, new Coordinator(decisions, delivery, parts.threads()), decisions, clock, parts.shards(),
        new BranchOwner.Surroundings(parts.transport(), parts.clock(), parts.ownClock()), surroundings));
    parts.services().add(Service.OUTCOMES, new OutcomeService(decisions));
    parts.services().add(Service.BRANCHES, new ParticipantService(local, ranges, branches));
    parts.services().add(Service.CLOCK, clock);
    parts.services().add(Service.WAITS, deadlocks);
    parts.services().add(Service.MOVES, moves);
    parts.threads().newThread(delivery).start();
    parts.threads().newThread(deadlocks).start();
    parts.threads().newThread(resolver).start();
    parts.threads().newThread(moves).start();
    LOG.info("Node {} serves, in boot {}; {} transactions are in doubt", parts.node(), local.bootEpoch(), local.inDoubt().size());
  }

  /**
   * Recovers, and if another boot seems to have come between does so again, from what the counter says by then: what a boot has sent that
   * has died since may arrive as late as that, and is soon over. Whoever comes after this boot has bound its epoch is newer, and lives.
   */
  private static NodeStore recovered(Parts parts) {
    NotedCounter counter = new NotedCounter(parts.counter());
    for (int recovery = 1; ; recovery++) {
      try {
        return parts.open().apply(counter);
      } catch (KvException.IntegrityViolation e) {
        if (e.code() != ErrorCode.FENCED || counter.hasBound() || recovery == RECOVERIES_MAX) {
          throw e;
        }
        LOG.info("Node {} recovers again, after messages of another boot of it: {}", parts.node(), e.finding());
      }
      parts.clock().parkUntil(parts, parts.clock().nanoTime() + PAUSE_NANOS);
    }
  }

  private RemoteBranch earlierBranch(TransactionId transaction, int node) {
    return store.earlierBranch(transaction, node);
  }

  /** The whole cluster's keys. Closed by {@link #close}. */
  public KvStore store() {
    return store;
  }

  /** Moves ranges of keys between nodes. */
  public RangeMoves moves() {
    return moves;
  }

  NodeStatus status() {
    return new NodeStatus(
        local.bootEpoch(), local.clock(), local.inDoubt().size(), store.transactions().size(),
        local.unconfirmed() + decisions.unconfirmed(), moving(), trouble());
  }

  private String moving() {
    return ranges.holdings().givings().stream().map(each -> "gives " + each.range() + " to node " + each.to())
        .collect(Collectors.joining(", "));
  }

  private String trouble() {
    try {
      surroundings.health().check();
      return "";
    } catch (KvException e) {
      return e.getMessage();
    }
  }

  /** This node's own part of the keys. */
  public NodeStore local() {
    return local;
  }

  /**
   * Ends the transactions that this node coordinates, and serves nothing more. Who made the transport closes it afterwards: the logs
   * still need it.
   */
  @Override
  public void close() {
    store.close();
    delivery.close();
    resolver.close();
    deadlocks.close();
    moves.close();
    try {
      decisions.close();
    } finally {
      local.close();
    }
  }
}
