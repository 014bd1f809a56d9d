package org.treatydb.kv.crash;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
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

  private static KvException fenced(String how) {
    return new KvException.IntegrityViolation(ErrorCode.FENCED, how, null);
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
      change(Effect.REGISTER, () -> {
        if (state != null && !state.isUnused()) {
          throw fenced("a store is registered");
        }
        return new State(store, 0, Map.of());
      });
    }

    @Override
    public long bindEpoch(long present) {
      change(Effect.BIND_EPOCH, () -> {
        requireEpoch(present);
        return new State(state.store(), present + 1, state.heads());
      });
      return present + 1;
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      change(Effect.CONFIRM, () -> {
        requireEpoch(bootEpoch);
        LogHead before = state.heads().get(log);
        if (before != null && before.counter() >= head.counter()) {
          throw fenced("the " + log + " stands at " + before + ", not below " + head);
        }
        Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
        heads.putAll(state.heads());
        heads.put(log, head);
        return new State(state.store(), bootEpoch, heads);
      });
    }

    private void requireEpoch(long epoch) {
      if (state.bootEpoch() != epoch) {
        throw fenced("epoch " + state.bootEpoch() + " is bound, not " + epoch);
      }
    }

    @Override
    public void close() {
      // Nothing to give back, with or without power.
    }
  }
}
