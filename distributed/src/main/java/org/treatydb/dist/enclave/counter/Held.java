package org.treatydb.dist.enclave.counter;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter.State;

/**
 * What a member holds of a node's counter, and what it may come to hold. Immutable.
 *
 * @param state the newest epoch that a boot of the node was promised, and the heads
 * @param headsEpoch the epoch of the boot that stored the heads: at most the promised one
 * @param owner the boot that the epoch was promised to, or that stored last
 */
record Held(State state, long headsEpoch, BootNonce owner) {

  /**
   * After the boot {@code by} has registered a store whose epochs begin at {@code epoch}. One that was registered before and never used has
   * smaller ones, here and wherever it is still held: so there it is known to be the older.
   */
  static Held registered(Optional<Held> before, StoreId store, long epoch, BootNonce by) {
    State.registered(before.map(Held::state), store);
    Held next = new Held(new State(store, epoch, Map.of()), 0, by);
    if (before.isPresent() && !next.equals(before.get()) && epoch <= before.get().state.bootEpoch()) {
      throw fenced("another boot of the node has come between, which registered a store, or bound an epoch");
    }
    return next;
  }

  /**
   * After the next epoch was promised to the boot {@code by}, which has read {@code base}. No older boot can store anything any more. Since
   * what is here is not newer than {@code base}, nothing that was confirmed escapes the boot that the promise is for.
   */
  Held promised(Held base, BootNonce by) {
    if (isReplacedBy(base.state)) {
      return new Held(base.state, base.headsEpoch, base.owner).promised(base, by);
    }
    requireStore(base.state.store());
    long present = base.state.bootEpoch();
    if (isNewerThan(base)) {
      throw fenced("another boot of the node has confirmed something since this one asked");
    }
    if (state.bootEpoch() == present + 1 && owner.equals(by)) {
      return this;
    }
    State raised = state.bootEpoch() < present ? new State(state.store(), present, state.heads()) : state;
    return new Held(raised.bound(present), headsEpoch, by);
  }

  /** After the boot {@code by} has stored {@code incoming}; heads of the same boot never go back. */
  Held stored(State incoming, BootNonce by, boolean checkEpoch) {
    if (isReplacedBy(incoming)) {
      return new Held(incoming, incoming.bootEpoch(), by);
    }
    requireStore(incoming.store());
    if (checkEpoch && incoming.bootEpoch() < state.bootEpoch()) {
      throw fenced("another boot of the node has taken over: this one is of epoch " + incoming.bootEpoch());
    }
    if (incoming.bootEpoch() > headsEpoch) {
      return new Held(incoming, incoming.bootEpoch(), by);
    }
    return new Held(merged(state, incoming), headsEpoch, by);
  }

  /** {@code state} with those heads of {@code other} that are newer. */
  private static State merged(State state, State other) {
    State merged = state;
    for (Map.Entry<LogName, LogHead> each : other.heads().entrySet()) {
      LogHead before = merged.heads().get(each.getKey());
      if (before == null || each.getValue().counter() > before.counter()) {
        merged = merged.confirmed(merged.bootEpoch(), each.getKey(), each.getValue());
      } else if (before.counter() == each.getValue().counter() && !before.equals(each.getValue())) {
        throw new KvException.IntegrityViolation(
            "two different records " + before.counter() + " of the " + each.getKey() + " of store " + state.store() + " were counted");
      }
    }
    return merged;
  }

  /** Whether something is here that {@code base} does not have: heads of a later boot, or later or other heads of the same. */
  private boolean isNewerThan(Held base) {
    return headsEpoch > base.headsEpoch || headsEpoch == base.headsEpoch && !isWithin(base.state);
  }

  /** Whether no head here is beyond, or beside, that of {@code other}. */
  private boolean isWithin(State other) {
    return state.heads().entrySet().stream().allMatch(each -> {
      LogHead theirs = other.heads().get(each.getKey());
      return each.getValue().counter() == 0
          || theirs != null && (theirs.counter() > each.getValue().counter() || theirs.equals(each.getValue()));
    });
  }

  /**
   * Whether a disk that leads to {@code found} can be the newest, for all that is known here. Its epoch is that of the newest batch in its
   * logs. What a later boot than any on that disk has stored must be the very same.
   */
  boolean allows(State found) {
    if (!state.store().equals(found.store())) {
      return state.isUnused();
    }
    if (headsEpoch < found.bootEpoch()) {
      return true;
    }
    return isWithin(found) && (headsEpoch == found.bootEpoch() || new Held(found, headsEpoch, owner).isWithin(state));
  }

  /** What a later boot than any on a disk that leads to {@code found} has recovered from it, and stored here; empty if that is all. */
  Optional<State> recoveredFrom(State found) {
    State recovered = new State(state.store(), headsEpoch, state.heads());
    boolean isLater = state.store().equals(found.store()) && headsEpoch > found.bootEpoch() && isWithin(found);
    return isLater && !new Held(found, headsEpoch, owner).isWithin(state) ? Optional.of(recovered) : Optional.empty();
  }

  /**
   * What recovery makes of the answers of so many members that every confirmation is among them: the heads that the newest boot stored, and
   * the newest epoch promised to any, be it by a member that holds no heads. A store that is in use wins over those that never were.
   *
   * @throws KvException.IntegrityViolation if they contradict each other
   */
  static Optional<Held> newest(Collection<Held> answers) {
    Optional<StoreId> store = answers.stream()
        .max(Comparator.<Held, Boolean>comparing(each -> !each.state.isUnused()).thenComparing(each -> each.state.bootEpoch()))
        .map(each -> each.state.store());
    for (Held each : answers) {
      if (!each.state.isUnused() && !each.state.store().equals(store.orElseThrow())) {
        throw new KvException.IntegrityViolation(
            "the counters of two stores are kept for one node: " + each.state.store() + " and " + store.get());
      }
    }
    return answers.stream().filter(each -> each.state.store().equals(store.orElseThrow())).reduce(Held::newer);
  }

  private static Held newer(Held one, Held other) {
    Held base = one.headsEpoch < other.headsEpoch ? other : one;
    State heads = one.headsEpoch == other.headsEpoch ? merged(one.state, other.state) : base.state;
    long epoch = Math.max(one.state.bootEpoch(), other.state.bootEpoch());
    return new Held(new State(heads.store(), epoch, heads.heads()), base.headsEpoch, base.owner);
  }

  /** Whether what is here was never used, and another store was registered later, elsewhere. */
  private boolean isReplacedBy(State other) {
    return !state.store().equals(other.store()) && state.isUnused() && other.bootEpoch() > state.bootEpoch();
  }

  private void requireStore(StoreId store) {
    if (!state.store().equals(store)) {
      throw fenced("store " + state.store() + " was registered for the node, in place of " + store);
    }
  }

  private static KvException fenced(String finding) {
    return new KvException.IntegrityViolation(ErrorCode.FENCED, finding, null);
  }
}
