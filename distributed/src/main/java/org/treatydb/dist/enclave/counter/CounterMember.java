package org.treatydb.dist.enclave.counter;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.StateFile;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeySchedule;

/**
 * Keeps the counters of the other nodes, in memory: what TREATY calls a member of the trusted counter service.
 *
 * <p>Guarantees: a node moves and reads only its own counter; what was held is held as long as this process lives, and never goes back;
 * after a restart nothing is held of a node until that node, running, says it again, or an operator vouches for it. About once a second
 * what is held goes to disk, sealed. The host can roll that back; so it only ever serves to refuse what is older.
 *
 * <p>Thread-safe.
 */
public final class CounterMember implements Transport.Handler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CounterMember.class);
  private static final long WRITE_INTERVAL_NANOS = 1_000_000_000;

  private final int own;
  private final NodeClock nodeClock;
  private final Clock clock;
  private final Set<CounterCheck> checks;
  private final BootNonce boot;
  private final RememberedCounters disk;
  private final Map<Integer, Held> remembered;
  private final Map<Integer, Held> held = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final Thread writer;
  private boolean dirty;
  private volatile boolean closed;

  /**
   * A member that holds nothing yet.
   *
   * @param own the node this is
   * @param keys of which it takes the keys for its file; not destroyed here
   * @throws KvException.IntegrityViolation if the file is not what this node wrote
   */
  public CounterMember(
      int own, NodeClock nodeClock, StateFile file, KeySchedule keys, Clock clock, Entropy entropy, ThreadFactory threads) {
    this(own, nodeClock, file, keys, clock, entropy, threads, EnumSet.allOf(CounterCheck.class));
  }

  CounterMember(
      int own, NodeClock nodeClock, StateFile file, KeySchedule keys, Clock clock, Entropy entropy, ThreadFactory threads,
      Set<CounterCheck> checks) {
    this.own = own;
    this.nodeClock = nodeClock;
    this.clock = clock;
    this.checks = checks;
    this.boot = BootNonce.draw(entropy);
    this.disk = new RememberedCounters(own, file, keys, entropy);
    this.remembered = Map.copyOf(disk.read());
    this.writer = threads.newThread(this::writeNowAndThen);
    writer.start();
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    try {
      CounterRequest asked = CounterCodec.decodeRequest(request);
      requireOwn(peer, asked);
      keep(asked.clock());
      return CounterCodec.encode(answer(asked));
    } catch (MalformedBytesException e) {
      return CounterCodec.encode(new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "node " + own + " cannot read a request to its counters: " + e.getMessage()));
    } catch (KvException.Retryable e) {
      LOG.debug("Node {} has to ask again: {}", peer.node(), e.getMessage());
      return CounterCodec.encode(e);
    } catch (KvException e) {
      LOG.warn("Refused node {} a request to its counter: {}", peer.node(), e.getMessage());
      return CounterCodec.encode(e);
    }
  }

  /** What is wrong with this node's own store is not to be taken for a finding about the counter of who asks, and fence that one, too. */
  private void keep(long timestamp) {
    try {
      nodeClock.merge(timestamp);
    } catch (KvException e) {
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "node " + own + " cannot keep others' clocks: " + e.getMessage());
    }
  }

  private void requireOwn(Peer peer, CounterRequest asked) {
    if (!checks.contains(CounterCheck.PEER)) {
      return;
    }
    if (peer.node() != asked.node() || peer.node() == Peer.ANONYMOUS || peer.node() == own) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "node " + peer.node() + " has no business with the counter of node " + asked.node());
    }
  }

  private CounterReply answer(CounterRequest asked) {
    lock.lock();
    try {
      int node = asked.node();
      Optional<Held> before = Optional.ofNullable(held.get(node));
      boolean accepted = switch (asked.body()) {
        case CounterRequest.Ask _ -> true;
        case CounterRequest.Store store -> store(node, asked.boot(), before, store);
        case CounterRequest.Confirm confirm -> isForThisBoot(confirm.member()) && holds(before, asked.boot(), confirm.state());
        case CounterRequest.Bind bind -> before.isPresent() && set(node, before.get().promised(bind.base(), asked.boot()));
        case CounterRequest.Verify verify -> isForThisBoot(verify.member())
            && before.filter(now -> now.state().bootEpoch() == verify.epoch() && now.owner().equals(asked.boot())).isPresent();
        case CounterRequest.Register register -> register(node, asked.boot(), before, register);
        case CounterRequest.Adopt adopt -> adopt(node, asked.boot(), before, adopt);
      };
      boolean isAsked = asked.body() instanceof CounterRequest.Ask;
      Optional<Held> now = isAsked || !accepted ? Optional.ofNullable(held.get(node)) : Optional.empty();
      Optional<Held> once = isAsked ? Optional.ofNullable(remembered.get(node)) : Optional.empty();
      return new CounterReply(boot, accepted, now, once);
    } finally {
      lock.unlock();
    }
  }

  private boolean isForThisBoot(BootNonce member) {
    return boot.equals(member) || !checks.contains(CounterCheck.NONCE);
  }

  private boolean store(int node, BootNonce by, Optional<Held> before, CounterRequest.Store store) {
    if (!isForThisBoot(store.member()) || before.isEmpty() && !store.establishes()) {
      return false;
    }
    boolean checkEpoch = checks.contains(CounterCheck.EPOCH);
    Held onDisk = remembered.get(node);
    if (before.isEmpty() && onDisk != null && !onDisk.state().isUnused()) {
      onDisk.stored(store.state(), by, checkEpoch);
    }
    Held told = new Held(store.state(), store.state().bootEpoch(), by);
    return set(node, before.map(now -> now.stored(store.state(), by, checkEpoch)).orElse(told));
  }

  private boolean holds(Optional<Held> before, BootNonce by, State state) {
    boolean checkEpoch = checks.contains(CounterCheck.EPOCH);
    return before
        .filter(now -> now.state().store().equals(state.store()) && now.state().heads().equals(state.heads()) && now.owner().equals(by))
        .filter(now -> now.state().bootEpoch() == state.bootEpoch() || !checkEpoch)
        .isPresent();
  }

  private boolean register(int node, BootNonce by, Optional<Held> before, CounterRequest.Register register) {
    if (!isForThisBoot(register.member()) || before.isEmpty() && !register.isNew()) {
      return false;
    }
    State.registered(Optional.ofNullable(remembered.get(node)).map(Held::state), register.store());
    return set(node, Held.registered(before, register.store(), register.epoch(), by));
  }

  private boolean adopt(int node, BootNonce by, Optional<Held> before, CounterRequest.Adopt adopt) {
    if (!isForThisBoot(adopt.member())) {
      return false;
    }
    State found = adopt.found();
    Adoption.require(own, before, found);
    Adoption.require(own, Optional.ofNullable(remembered.get(node)), found);
    if (before.filter(now -> now.state().bootEpoch() >= adopt.epoch()).isPresent()) {
      return before.get().state().bootEpoch() == adopt.epoch() && before.get().owner().equals(by);
    }
    LOG.warn("Node {} adopts a state of its disk on its operator's word; this node held {}, its disk {}",
        node, before.map(Held::state), Optional.ofNullable(remembered.get(node)).map(Held::state));
    return set(node, new Held(new State(found.store(), adopt.epoch(), found.heads()), adopt.epoch(), by));
  }

  private boolean set(int node, Held next) {
    dirty |= !next.equals(held.put(node, next));
    return true;
  }

  private void writeNowAndThen() {
    while (!closed) {
      long next = clock.nanoTime() + WRITE_INTERVAL_NANOS;
      while (!closed && clock.nanoTime() < next) {
        clock.parkUntil(this, next);
      }
      write();
    }
  }

  private void write() {
    writing.lock();
    try {
      Map<Integer, Held> now = new HashMap<>(remembered);
      lock.lock();
      try {
        if (!dirty) {
          return;
        }
        now.putAll(held);
        dirty = false;
      } finally {
        lock.unlock();
      }
      disk.write(now);
    } catch (IOException e) {
      LOG.warn("Cannot write what other nodes' counters stand at, and will try again: {}", e.getMessage());
      lock.lock();
      try {
        dirty = true;
      } finally {
        lock.unlock();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Writes what is held to disk. Whoever asks on is still answered: the transport ends that. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    write();
  }
}
