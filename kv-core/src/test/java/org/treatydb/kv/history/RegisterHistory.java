package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads and writes of registers, each for itself, and a check whether each register is linearizable. No value is written to one register
 * twice. Then zones decide (Gibbons and Korach, "Testing Shared Memories", 1997): the zone of a value reaches from the first end to the
 * last beginning among its write and its reads. If these lie in that order, the register must hold the value throughout: such forward
 * zones must not overlap. If they lie the other way round, there must be one moment between them outside of any forward zone.
 *
 * <p>Recording is thread-safe.
 */
public final class RegisterHistory {

  /** What every register holds at first. */
  public static final int INITIAL = 0;

  private record Access(int register, int value, boolean write, long invoked, long completed, Outcome outcome) {}

  private record Zone(Access write, long firstEnd, long lastBeginning) {

    boolean isForward() {
      return firstEnd < lastBeginning;
    }

    Zone with(Access access) {
      return new Zone(write, Math.min(firstEnd, access.completed), Math.max(lastBeginning, access.invoked));
    }
  }

  private final AtomicLong clock = new AtomicLong();
  private final Queue<Access> accesses = new ConcurrentLinkedQueue<>();

  /** A moment; call it before an access begins. */
  public long moment() {
    return clock.incrementAndGet();
  }

  /** A write that has just ended. */
  public void wrote(int register, int value, long invoked, Outcome outcome) {
    long completed = clock.incrementAndGet();
    accesses.add(new Access(register, value, true, invoked, outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : completed, outcome));
  }

  /** A read that has just ended and gave {@code value}. */
  public void read(int register, int value, long invoked) {
    accesses.add(new Access(register, value, false, invoked, clock.incrementAndGet(), Outcome.COMMITTED));
  }

  /**
   * Checks what was recorded.
   *
   * @throws AssertionError if a register is not linearizable
   */
  public void check() {
    Map<Integer, List<Access>> byRegister = new HashMap<>();
    accesses.forEach(each -> byRegister.computeIfAbsent(each.register, register -> new ArrayList<>()).add(each));
    byRegister.forEach((register, all) -> check(zones(register, all)));
  }

  private static List<Zone> zones(int register, List<Access> all) {
    Map<Integer, Zone> zones = new HashMap<>();
    Access initial = new Access(register, INITIAL, true, -1, 0, Outcome.COMMITTED);
    zones.put(INITIAL, new Zone(initial, initial.completed, initial.invoked));
    for (Access each : all) {
      if (each.write && each.outcome != Outcome.ABORTED) {
        zones.put(each.value, new Zone(each, each.completed, each.invoked));
      }
    }
    for (Access each : all) {
      if (!each.write) {
        Zone zone = zones.get(each.value);
        if (zone == null) {
          throw new AssertionError(each + " read what no write that happened wrote");
        }
        if (each.completed < zone.write.invoked) {
          throw new AssertionError(each + " read the future: " + zone.write);
        }
        zones.put(each.value, zone.with(each));
      }
    }
    // A write of unknown outcome that nobody saw need not have happened.
    return zones.values().stream().filter(zone -> zone.firstEnd != Long.MAX_VALUE).toList();
  }

  private static void check(List<Zone> zones) {
    List<Zone> forward = zones.stream().filter(Zone::isForward).sorted(Comparator.comparingLong(Zone::firstEnd)).toList();
    for (int i = 1; i < forward.size(); i++) {
      if (forward.get(i).firstEnd < forward.get(i - 1).lastBeginning) {
        throw new AssertionError("the register must have held two values at once: " + forward.get(i - 1) + " and " + forward.get(i));
      }
    }
    for (Zone zone : zones) {
      for (Zone other : zone.isForward() ? List.<Zone>of() : forward) {
        if (other.firstEnd < zone.lastBeginning && zone.firstEnd < other.lastBeginning) {
          throw new AssertionError("there was no moment for " + zone + ", because the register held another value: " + other);
        }
      }
    }
  }
}
