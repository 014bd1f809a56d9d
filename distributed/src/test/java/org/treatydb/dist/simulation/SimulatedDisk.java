package org.treatydb.dist.simulation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.treatydb.dist.boundary.StateFile;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.HostMemory;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.crash.CrashLeaves;
import org.treatydb.kv.crash.CrashLog;
import org.treatydb.kv.crash.CrashPoint;
import org.treatydb.kv.crash.Effect;
import org.treatydb.kv.crash.Machine;
import org.treatydb.kv.crash.Survival;
import org.treatydb.kv.crash.Weakness;

/** One node's disk: what outlives its processes, if it was synced. Slow, and failing, as it is told. */
final class SimulatedDisk {

  private static final int SECTOR_BYTES = 512;
  private static final long WRITE_NANOS_MAX = 30_000;
  private static final long SYNC_NANOS_MAX = 2_000_000;

  private final Scheduler scheduler;
  private final Random random;
  private final Trace trace;
  private final FaultCounts faults;
  private final int node;
  private final SeenNonces seen;
  private final Map<LogName, CrashLog> logs = new EnumMap<>(LogName.class);
  private final CrashLeaves leaves;
  private byte[] countersOfOthers;
  /** So many of the next effects may fail, one of them will. */
  private int failsWithin;
  private boolean full;
  private boolean hasFailed;

  /** All that lies on a disk. Immutable; the arrays are shared and must not change. */
  record Image(Map<LogName, TreeMap<Long, byte[]>> logs, TreeMap<Long, byte[]> leaves, byte[] countersOfOthers) {

    boolean hasLikeLeaves() {
      return !DiskAdversary.likeLeaves(this).isEmpty();
    }

    /** Whether what clients write can be read anywhere in it. */
    boolean isPlain() {
      return Stream.of(
          logs.values().stream().flatMap(log -> log.values().stream()), leaves.values().stream(), Stream.ofNullable(countersOfOthers))
          .flatMap(files -> files).anyMatch(Canaries::isPlain);
    }
  }

  /** {@code seen}: is told of everything that is written under this node's keys. */
  SimulatedDisk(int node, Scheduler scheduler, Random random, Trace trace, FaultCounts faults, SeenNonces seen) {
    this.node = node;
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
    this.faults = faults;
    this.seen = seen;
    for (LogName name : LogName.values()) {
      logs.put(name, new CrashLog(Weakness.NONE, name, seen));
    }
    this.leaves = new CrashLeaves(Weakness.NONE, seen);
  }

  SeenNonces seen() {
    return seen;
  }

  /** One of the next effects fails. */
  void failSoon(int withinEffects) {
    failsWithin = withinEffects;
  }

  /** Whether it may make the node fail, or has. */
  boolean isTroubled() {
    return full || failsWithin > 0 || hasFailed;
  }

  void setFull(boolean isFull) {
    full = isFull;
  }

  /** What a process that begins now finds here. */
  HostEnvironment host(TrustedCounter counter, Clock clock, Entropy entropy, SimulatedProcess process) {
    Machine machine = new SlowMachine();
    return new HostEnvironment(
        logs.get(LogName.WAL).on(machine), logs.get(LogName.MANIFEST).on(machine), Optional.of(logs.get(LogName.CLOG).on(machine)),
        leaves.on(machine), counter, new HeapMemory(), clock, entropy, process.threads());
  }

  /** The process has ended. What was not synced stays as far as {@code survival} says. */
  void crash(Survival survival) {
    for (CrashLog log : logs.values()) {
      TreeMap<Long, byte[]> before = survival == Survival.EVERYTHING ? new TreeMap<>() : log.image();
      log.crash(survival);
      TreeMap<Long, byte[]> after = log.image();
      before.forEach((segment, bytes) -> countLost(bytes, after.getOrDefault(segment, new byte[0])));
    }
    leaves.crash(survival);
    failsWithin = 0;
    hasFailed = false;
  }

  /** Of what was not synced, the host's disk keeps any sectors. */
  private void countLost(byte[] before, byte[] after) {
    boolean kept = false;
    boolean lost = false;
    boolean keptLater = false;
    for (int at = 0; at < before.length; at += SECTOR_BYTES) {
      int end = Math.min(before.length, at + SECTOR_BYTES);
      boolean isKept = end <= after.length && Arrays.equals(before, at, end, after, at, end);
      keptLater |= lost && isKept && IntStream.range(at, end).anyMatch(i -> before[i] != 0);
      lost |= !isKept && IntStream.range(at, end).anyMatch(i -> before[i] != 0);
      kept |= isKept;
    }
    if (lost && kept) {
      faults.hit(keptLater ? Fault.REORDERED_WRITE : Fault.TORN_WRITE);
    }
  }

  Image image() {
    Map<LogName, TreeMap<Long, byte[]>> images = new EnumMap<>(LogName.class);
    logs.forEach((name, log) -> images.put(name, log.image()));
    return new Image(images, leaves.image(), countersOfOthers);
  }

  /** To be called when no process runs on it. */
  void restore(Image image) {
    logs.forEach((name, log) -> log.restore(image.logs.get(name)));
    leaves.restore(image.leaves);
    countersOfOthers = image.countersOfOthers;
  }

  StateFile countersFile() {
    return new StateFile() {
      @Override
      public Optional<byte[]> read() throws IOException {
        return Optional.ofNullable(countersOfOthers).map(byte[]::clone);
      }

      @Override
      public void write(byte[] bytes) throws IOException {
        scheduler.sleep(1 + random.nextLong(SYNC_NANOS_MAX));
        trace.mix(bytes);
        countersOfOthers = bytes.clone();
      }
    };
  }

  private final class SlowMachine extends Machine {

    SlowMachine() {
      super(CrashPoint.NEVER, Survival.EVERYTHING);
    }

    @Override
    public void effect(Effect kind, Step<?> step) throws IOException {
      boolean syncs = kind == Effect.SYNC_SEGMENT || kind == Effect.SYNC_LEAVES;
      scheduler.sleep(1 + random.nextLong(syncs ? SYNC_NANOS_MAX : WRITE_NANOS_MAX));
      trace.mix(kind.ordinal());
      if (full && (kind == Effect.APPEND || kind == Effect.CREATE_SEGMENT || kind == Effect.APPLY_LEAVES)) {
        hasFailed = true;
        faults.hit(Fault.DISK_FULL);
        throw new IOException("the disk is full");
      }
      boolean fails = failsWithin > 0 && random.nextInt(failsWithin--) == 0;
      if (!fails || random.nextBoolean()) {
        super.effect(kind, step);
      }
      if (fails) {
        failsWithin = 0;
        hasFailed = true;
        faults.hit(Fault.IO_ERROR);
        trace.line(scheduler.nowNanos(), "node " + node, () -> "disk fails at " + kind);
        throw new IOException("the disk failed at " + kind);
      }
    }

    @Override
    public <T> T read(Step<T> step) throws IOException {
      scheduler.letOthersGo();
      return super.read(step);
    }
  }

  /** Memory on the heap, which is faster to have and to give back than memory outside. */
  private static final class HeapMemory implements HostMemory {

    @Override
    public Region newRegion() {
      return new Region() {
        @Override
        public MemorySegment allocate(long bytes) {
          return MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
        }

        @Override
        public void close() {
          // The collector takes it.
        }
      };
    }
  }
}
