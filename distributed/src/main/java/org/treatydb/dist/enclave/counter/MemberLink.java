package org.treatydb.dist.enclave.counter;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.enclave.counter.Rounds.Round;
import org.treatydb.dist.enclave.counter.Rounds.Work;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;

/**
 * Brings rounds to one member, on a thread of its own, one call at a time.
 *
 * <p>A member that was restarted is told everything again, but only after a round that began after its new boot was known was confirmed by
 * others: only the newest boot gets that, so an older one that was asleep meanwhile cannot put the past into a member that has forgotten.
 */
final class MemberLink {

  private static final Logger LOG = LoggerFactory.getLogger(MemberLink.class);

  private final int member;
  private final Rounds rounds;
  private final MemberCalls calls;
  private final Clock clock;
  private final long retryNanos;
  private final Thread thread;

  /** The member's boot, as far as it is known. Used by the link's thread only, as what follows. */
  private BootNonce boot;
  private OptionalLong learnedAfter = OptionalLong.empty();

  MemberLink(int member, Rounds rounds, MemberCalls calls, Clock clock, CounterTimes times, ThreadFactory threads) {
    this.member = member;
    this.rounds = rounds;
    this.calls = calls;
    this.clock = clock;
    this.retryNanos = times.retryNanos();
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  int member() {
    return member;
  }

  /** If the member knows nothing since it was restarted: the round that was the newest when that was learned. */
  OptionalLong learnedAfter() {
    return learnedAfter;
  }

  private void run() {
    Optional<Work> work = rounds.await(this);
    while (work.isPresent()) {
      try {
        if (!(work.get().establishing() ? establish(work.get().round()) : bring(work.get().round()))) {
          pause();
        }
      } catch (KvException.IntegrityViolation e) {
        LOG.error("Node {} refuses to count for this one: {}", member, e.getMessage());
        rounds.fail(e);
      } catch (KvException e) {
        rounds.missed(member, e.getMessage());
        pause();
      } catch (RuntimeException e) {
        rounds.fail(e);
      }
      work = rounds.await(this);
    }
  }

  private void pause() {
    long next = clock.nanoTime() + retryNanos;
    while (!rounds.isClosed() && clock.nanoTime() < next) {
      clock.parkUntil(this, next);
    }
  }

  /** Whether the member is a step further. */
  private boolean bring(Round round) {
    if (boot == null) {
      return learn(calls.call(member, new CounterRequest.Ask()));
    }
    CounterReply echo = calls.call(member, new CounterRequest.Store(boot, false, round.state()));
    if (!echo.accepted()) {
      return learn(echo);
    }
    CounterReply answer = calls.call(member, new CounterRequest.Confirm(boot, round.state()));
    if (answer.accepted()) {
      rounds.acknowledge(member, round);
      return true;
    }
    return !answer.member().equals(boot) && learn(answer);
  }

  private boolean learn(CounterReply reply) {
    boot = reply.member();
    if (reply.held().isEmpty()) {
      learnedAfter = OptionalLong.of(rounds.begun());
      LOG.info("Node {} was restarted, and remembers nothing of this node's counter", member);
      rounds.renew(member);
    }
    return true;
  }

  private boolean establish(Round round) {
    CounterReply reply = calls.call(member, new CounterRequest.Store(boot, true, round.state()));
    if (!reply.accepted()) {
      return learn(reply);
    }
    learnedAfter = OptionalLong.empty();
    LOG.info("Node {} knows this node's counter again", member);
    return true;
  }
}
