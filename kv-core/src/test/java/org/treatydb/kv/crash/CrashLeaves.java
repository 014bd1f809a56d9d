package org.treatydb.kv.crash;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.boundary.SealedStore;

/** The leaves on a disk that knows which edits are synced; of the others a crash leaves those before some moment. */
public final class CrashLeaves {

  private final SeenNonces seen;
  private final boolean syncs;
  private Map<Long, byte[]> present = new HashMap<>();
  private final Map<Long, byte[]> synced = new HashMap<>();
  private final List<SealedStore.Edit> unsynced = new ArrayList<>();

  /** {@code seen}: is told of everything that is written, kept or not. */
  public CrashLeaves(Weakness weakness, SeenNonces seen) {
    this.seen = seen;
    this.syncs = weakness != Weakness.LEAVES_ARE_NOT_SYNCED;
  }

  /** The leaves as the engine sees them during one boot. */
  public SealedStore on(Machine machine) {
    return new Store(machine);
  }

  /** How many leaves there are. */
  int count() {
    return present.size();
  }

  /** The power is gone: reduces the leaves to what stays. */
  public void crash(Survival survival) {
    unsynced.subList(0, survival.prefix(unsynced.size())).forEach(edit -> apply(edit, synced));
    unsynced.clear();
    present = new HashMap<>(synced);
  }

  /** What there is, by leaf; nobody writes. */
  public TreeMap<Long, byte[]> image() {
    return new TreeMap<>(present);
  }

  /** Puts an image in place of all there is, durably. */
  public void restore(Map<Long, byte[]> image) {
    unsynced.clear();
    synced.clear();
    synced.putAll(image);
    present = new HashMap<>(image);
  }

  private static void apply(SealedStore.Edit edit, Map<Long, byte[]> leaves) {
    switch (edit) {
      case SealedStore.Edit.Put put -> leaves.put(put.leafId(), put.bytes());
      case SealedStore.Edit.Append more -> leaves.merge(more.leafId(), more.bytes(), CrashLeaves::concatenate);
      case SealedStore.Edit.Delete delete -> leaves.remove(delete.leafId());
      case SealedStore.Edit.DeleteRange range -> leaves.keySet().removeIf(id -> id >= range.leafId() && id < range.end());
    }
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private final class Store implements SealedStore {

    private final Machine machine;

    Store(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Snapshot snapshot() {
      try {
        return new FrozenLeaves(machine, machine.read(() -> Map.copyOf(present)));
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
    }

    @Override
    public void apply(List<Edit> edits) {
      edits.forEach(this::note);
      change(Effect.APPLY_LEAVES, () -> {
        edits.forEach(edit -> CrashLeaves.apply(edit, present));
        return unsynced.addAll(edits);
      });
    }

    @Override
    public void sync() {
      change(Effect.SYNC_LEAVES, () -> {
        if (syncs) {
          unsynced.forEach(edit -> CrashLeaves.apply(edit, synced));
          unsynced.clear();
        }
        return null;
      });
    }

    private void note(Edit edit) {
      switch (edit) {
        case Edit.Put put -> seen.noteFrames(put.bytes());
        case Edit.Append more -> seen.noteFrames(more.bytes());
        case Edit.Delete _, Edit.DeleteRange _ -> { }
      }
    }

    private void change(Effect kind, Machine.Step<?> step) {
      try {
        machine.effect(kind, step);
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
    }

    @Override
    public void close() {
      // Nothing to give back, with or without power.
    }
  }

  private record FrozenLeaves(Machine machine, Map<Long, byte[]> leaves) implements SealedStore.Snapshot {

    @Override
    public byte[] get(long leafId) {
      try {
        return machine.read(() -> leaves.get(leafId));
      } catch (IOException e) {
        throw Machine.unavailable(e);
      }
    }

    @Override
    public List<byte[]> get(List<Long> leafIds) {
      return leafIds.stream().map(this::get).collect(Collectors.toList());
    }

    @Override
    public void close() {
      // Nothing to give back.
    }
  }
}
