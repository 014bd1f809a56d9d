package org.treatydb.kv.crash;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A counter whose every change is durable at once, or did not happen. */
final class CrashCounter {

  private final boolean confirmsLate;
  private final boolean forgetsTails;
  private final int tailBytesMax;
  private TrustedCounter.State state;
  /** What a crash leaves, if that is not the same. */
  private TrustedCounter.State durable;

  CrashCounter(Weakness weakness, int tailBytesMax) {
    this.confirmsLate = weakness == Weakness.THE_COUNTER_CONFIRMS_LATE;
    this.forgetsTails = weakness == Weakness.THE_COUNTER_FORGETS_TAILS;
    this.tailBytesMax = tailBytesMax;
  }

  /** The power is gone: reduces the counter to what stays. */
  void crash() {
    state = confirmsLate ? durable : state;
    if (forgetsTails && state != null) {
      state = new TrustedCounter.State(state.store(), state.bootEpoch(), state.heads());
    }
  }

  /** The counter as the engine sees it during one boot. */
  TrustedCounter on(Machine machine) {
    return new Counter(machine);
  }

  private final class Counter implements TrustedCounter {

    private final Machine machine;

    Counter(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Optional<State> read() {
      try {
        return machine.read(() -> Optional.ofNullable(state));
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
    }

    private void change(Effect kind, Machine.Step<State> next) {
      try {
        machine.effect(kind, () -> {
          TrustedCounter.State before = state;
          state = next.run();
          durable = isWalConfirmed(before) ? before : state;
          return state;
        });
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
    }

    private boolean isWalConfirmed(State before) {
      return before != null && !Objects.equals(before.heads().get(LogName.WAL), state.heads().get(LogName.WAL));
    }

    @Override
    public void register(StoreId store) {
      change(Effect.REGISTER, () -> State.registered(Optional.ofNullable(state), store));
    }

    @Override
    public long bindEpoch(long present) {
      change(Effect.BIND_EPOCH, () -> state.bound(present));
      return present + 1;
    }

    @Override
    public int tailBytesMax() {
      return tailBytesMax;
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      confirm(bootEpoch, log, head, LogTail.NONE);
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head, LogTail tail) {
      change(Effect.CONFIRM, () -> state.confirmed(bootEpoch, log, head, tail));
    }

    @Override
    public void forgetTail(long bootEpoch, LogName log) {
      change(Effect.CONFIRM, () -> state.withoutTail(bootEpoch, log));
    }

    @Override
    public void close() {
      // Nothing to give back, with or without power.
    }
  }
}
