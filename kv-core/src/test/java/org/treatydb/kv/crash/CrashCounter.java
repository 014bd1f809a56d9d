package org.treatydb.kv.crash;

import java.io.IOException;
import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A counter whose every change is durable at once, or did not happen. */
final class CrashCounter {

  private TrustedCounter.State state;

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
        machine.effect(kind, () -> state = next.run());
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
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
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      change(Effect.CONFIRM, () -> state.confirmed(bootEpoch, log, head));
    }

    @Override
    public void close() {
      // Nothing to give back, with or without power.
    }
  }
}
