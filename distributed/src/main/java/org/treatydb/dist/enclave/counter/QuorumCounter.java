package org.treatydb.dist.enclave.counter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/**
 * One node's trusted counter, kept by the other nodes of its cluster: in the memory of their {@link CounterMember}s.
 *
 * <p>Guarantees what {@link TrustedCounter} says, whatever is done to disks and messages. Goes on as long as fewer than half of the nodes
 * are down, or have started and not been told yet, at a time: one of three, two of five. If more are, nobody can be sure any more of what
 * is the newest, and nothing goes on until an operator {@linkplain #adopt vouches} for the disk. <b>A cluster of two nodes survives no
 * restart without that. A cluster of one has nobody to count for it and is refused: it takes a counter file, which is as good as the place
 * it lies in.</b>
 *
 * <p>What {@link #read} gives is certain to be in the quorum only once {@link #bindEpoch} has returned. Serves one boot of one node: an
 * epoch is bound once. After a refusal to bind it may be read and bound again, and is another boot from then on: what a boot has sent
 * that died meanwhile may still arrive, and refuses as another boot does. Thread-safe.
 */
public final class QuorumCounter implements TrustedCounter {

  private static final Logger LOG = LoggerFactory.getLogger(QuorumCounter.class);

  private final int node;
  private final List<Integer> members;
  private final Quorums quorums;
  private final boolean isNew;
  private final CounterTimes times;
  private final Clock clock;
  private final ThreadFactory threads;
  private final Supplier<MemberCalls> newBoot;
  private volatile MemberCalls calls;
  private volatile Held base;
  private volatile Rounds rounds;
  private volatile boolean closed;

  /**
   * A counter for {@code node}.
   *
   * @param members the other nodes of the cluster, all of them
   * @param isNew whether somebody who knows vouches that the node never had a store: only then may members that remember nothing be taken
   *     to say so. If it had one all the same, and nobody remembers, that store is lost
   * @param threads makes virtual threads: a few for each member
   * @throws KvException.InvalidRequest if there is no other node
   */
  public QuorumCounter(
      int node, List<Integer> members, boolean isNew, Transport transport, NodeClock nodeClock, CounterTimes times, Clock clock,
      Entropy entropy, ThreadFactory threads) {
    if (members.isEmpty() || members.contains(node)) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT,
          "a node's counter is kept by other nodes, and node " + node + " has none: a cluster of one node needs a counter file");
    }
    this.node = node;
    this.members = List.copyOf(members);
    this.quorums = Quorums.of(members.size());
    this.isNew = isNew;
    this.times = times;
    this.clock = clock;
    this.threads = threads;
    this.newBoot = () -> new MemberCalls(node, BootNonce.draw(entropy), transport, nodeClock, times.callNanos());
    this.calls = newBoot.get();
  }

  private <T> Gathering<T> gathering() {
    return new Gathering<>(clock, threads, times.retryNanos(), () -> closed);
  }

  private long recoveryDeadline() {
    return clock.nanoTime() + times.recoveryNanos();
  }

  private CounterReply ask(int member) {
    return calls.call(member, new CounterRequest.Ask());
  }

  private static boolean isEstablished(CounterReply reply) {
    return reply.held().isPresent();
  }

  private static long count(Map<Integer, CounterReply> answers, Predicate<CounterReply> condition) {
    return answers.values().stream().filter(condition).count();
  }

  /** What an operator reads when a node waits for others, or gives up. */
  private String wanted(String purpose) {
    return "node " + node + " needs " + quorums.recovery() + " of " + members.size() + " other nodes that remember its counter, "
        + purpose + ". Start those that are missing. If so many were down at once that nobody remembers, and you are sure that this node's "
        + "disk is the newest it ever had, adopt it. Missing";
  }

  @Override
  public Optional<State> read() {
    Map<Integer, CounterReply> answers = this.<CounterReply>gathering().run(
        members, this::ask, QuorumCounter::isEstablished, this::isEnoughToRead, wanted("to know what its newest state is"),
        recoveryDeadline());
    Optional<Held> newest = Held.newest(answers.values().stream().flatMap(each -> each.held().stream()).toList());
    base = newest.orElse(null);
    return newest.map(Held::state);
  }

  private boolean isEnoughToRead(Map<Integer, CounterReply> answers) {
    if (count(answers, QuorumCounter::isEstablished) >= quorums.recovery()) {
      return true;
    }
    return isNew && answers.size() >= quorums.recovery()
        && count(answers, each -> each.held().or(each::remembered).filter(held -> !held.state().isUnused()).isPresent()) == 0;
  }

  @Override
  public void register(StoreId store) {
    Map<Integer, CounterReply> before = this.<CounterReply>gathering().run(
        members, this::ask, _ -> true, now -> now.size() >= quorums.recovery(), wanted("to register a store"), recoveryDeadline());
    long epoch = 1 + before.values().stream().flatMap(each -> each.held().stream()).mapToLong(held -> held.state().bootEpoch())
        .max().orElse(-1);
    this.<CounterReply>gathering().run(
        members, member -> register(member, store, epoch), CounterReply::accepted,
        answers -> count(answers, CounterReply::accepted) >= quorums.recovery(), wanted("to register a store"), recoveryDeadline());
  }

  private CounterReply register(int member, StoreId store, long epoch) {
    return calls.call(member, new CounterRequest.Register(ask(member).member(), isNew, store, epoch));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KvException.Unavailable if not enough members answer
   */
  @Override
  public long bindEpoch(long present) {
    if (rounds != null) {
      throw new IllegalStateException("this boot has bound an epoch already");
    }
    try {
      return bindNext(present);
    } catch (KvException.IntegrityViolation e) {
      beginAnew();
      throw e;
    }
  }

  private void beginAnew() {
    Rounds refused = rounds;
    if (refused != null) {
      refused.close();
    }
    rounds = null;
    base = null;
    calls = newBoot.get();
  }

  private long bindNext(long present) {
    Held read = base;
    if (read == null) {
      read();
      read = Optional.ofNullable(base).orElseThrow(State::unregistered);
    }
    State bound = read.state().bound(present);
    long deadline = recoveryDeadline();
    while (!isPromised(read, bound.bootEpoch(), deadline)) {
      LOG.info("A member was restarted while it promised epoch {}: asking again", bound.bootEpoch());
    }
    Rounds started = new Rounds(members, quorums, times, clock, calls, threads, bound);
    rounds = started;
    if (closed) {
      started.close();
    }
    started.confirmAgain();
    return bound.bootEpoch();
  }

  /** Whether so many members promised the epoch that there was a moment at which all of them had it in memory. */
  private boolean isPromised(Held read, long epoch, long deadlineNanos) {
    String wanted = wanted("to bind epoch " + epoch);
    return isAgreed(member -> calls.call(member, new CounterRequest.Bind(read)), epoch, wanted, deadlineNanos);
  }

  /**
   * Asks until enough members have accepted, and then whether they all still hold the epoch, without a restart between. If so, no older
   * boot can have so many confirmations again that it could put itself into a member that has forgotten.
   */
  private boolean isAgreed(IntFunction<CounterReply> question, long epoch, String wanted, long deadlineNanos) {
    Map<Integer, CounterReply> answers = this.<CounterReply>gathering().run(
        members, question, CounterReply::accepted, now -> count(now, CounterReply::accepted) >= quorums.recovery(), wanted,
        deadlineNanos);
    Map<Integer, BootNonce> accepted = new HashMap<>();
    answers.forEach((member, reply) -> {
      if (reply.accepted()) {
        accepted.put(member, reply.member());
      }
    });
    Map<Integer, CounterReply> verified = this.<CounterReply>gathering().run(
        List.copyOf(accepted.keySet()), member -> calls.call(member, new CounterRequest.Verify(accepted.get(member), epoch)), _ -> true,
        now -> now.size() >= quorums.recovery() || count(now, each -> !each.accepted()) > 0, wanted, deadlineNanos);
    return count(verified, CounterReply::accepted) >= quorums.recovery();
  }

  /**
   * {@inheritDoc}
   *
   * @throws KvException.Unavailable if not enough members confirm in time; the head may have been stored, and is confirmed with the next
   */
  @Override
  public void confirm(long bootEpoch, LogName log, LogHead head) {
    Rounds running = rounds;
    if (running == null) {
      throw new KvException.IntegrityViolation(ErrorCode.FENCED, "this boot has bound no epoch", null);
    }
    running.confirm(bootEpoch, log, head);
  }

  /**
   * Takes {@code found} for the truth, whatever was forgotten: on an operator's word, when so many nodes were down at once that nobody
   * remembers this one's counter. Never called by the engine. Whoever gives that word for a disk that is not the newest loses what is not
   * on it. Replaces no knowledge: refused if any member that can be reached remembers, in memory or on disk, what is not on this disk. What
   * a boot has left at the end of the disk's logs that the next one has not taken over, as a member remembers, does not count.
   *
   * @param onDisk what the logs on this node's disk come to; its epoch is that of the newest batch in them
   * @return the state that {@link #read} gives from now on
   * @throws KvException.IntegrityViolation with ROLLBACK_DETECTED if {@code found} is not the newest that is known
   * @throws KvException.Unavailable if not enough members answer
   */
  public State adopt(State onDisk) {
    if (rounds != null) {
      throw new IllegalStateException("this boot has bound an epoch already");
    }
    String wanted = "node " + node + " needs " + quorums.recovery() + " of " + members.size() + " other nodes to adopt its disk. Missing";
    long deadline = recoveryDeadline();
    long graceEndNanos = clock.nanoTime() + 2 * times.callNanos();
    Map<Integer, CounterReply> answers = this.<CounterReply>gathering().run(
        members, this::ask, _ -> true,
        now -> now.size() == members.size() || now.size() >= quorums.recovery() && clock.nanoTime() >= graceEndNanos, wanted, deadline);
    State found = Adoption.withoutLeftOver(onDisk, answers.values());
    answers.forEach((member, reply) -> {
      Adoption.require(member, reply.held(), found);
      Adoption.require(member, reply.remembered(), found);
    });
    long epoch = answers.values().stream()
        .flatMap(each -> Stream.concat(each.held().stream(), each.remembered().stream()))
        .mapToLong(held -> held.state().bootEpoch())
        .reduce(found.bootEpoch(), Math::max);
    State adopted = new State(found.store(), Math.addExact(epoch, 1), found.heads());
    LOG.warn("ADOPTING THE DISK OF NODE {} ON ITS OPERATOR'S WORD: {}. If this is not its newest state, what is newer is lost",
        node, adopted);
    while (!isAgreed(member -> adopt(member, found, adopted.bootEpoch()), adopted.bootEpoch(), wanted, deadline)) {
      LOG.info("A member was restarted while it adopted: asking again");
    }
    return adopted;
  }

  private CounterReply adopt(int member, State found, long epoch) {
    return calls.call(member, new CounterRequest.Adopt(ask(member).member(), found, epoch));
  }

  /** Whoever still waits fails. Calls under way end with their timeout. */
  @Override
  public void close() {
    closed = true;
    Rounds running = rounds;
    if (running != null) {
      running.close();
    }
  }
}
