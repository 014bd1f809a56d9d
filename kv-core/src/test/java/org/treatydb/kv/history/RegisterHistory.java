package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks of a history of single reads and writes whether each register is linearizable. A register is a list that keeps its newest value
 * only: writing is appending, reading gives that one value, or none at first. No value is written to one register twice. Then zones decide
 * (Gibbons and Korach, "Testing Shared Memories", 1997): the zone of a value reaches from the first end to the last beginning among its
 * write and its reads. If these lie in that order, the register must hold the value throughout: such forward zones must not overlap. If
 * they lie the other way round, there must be one moment between them outside of any forward zone.
 */
public final class RegisterHistory {

  /** What every register holds at first. */
  private static final int INITIAL = 0;

  private record Access(int register, int value, boolean write, RecordedTransaction transaction) {

    static Access of(RecordedTransaction transaction, Operation operation) {
      return switch (operation) {
        case Operation.Append write -> new Access(write.key(), write.value(), true, transaction);
        case Operation.Read read -> new Access(read.key(), read.values().length == 0 ? INITIAL : read.values()[0], false, transaction);
        case Operation.Scan scan -> throw new IllegalArgumentException("a scan of registers: " + scan);
      };
    }

    boolean isUnknown() {
      return transaction.outcome() == Outcome.UNKNOWN;
    }

    long invoked() {
      return transaction.invoked();
    }

    long completed() {
      return transaction.completed();
    }
  }

  private record Zone(Access write, boolean seen, long firstEnd, long lastBeginning) {

    static Zone of(Access write) {
      return new Zone(write, !write.isUnknown(), write.completed(), write.invoked());
    }

    boolean isForward() {
      return firstEnd < lastBeginning;
    }

    Zone with(Access read) {
      return new Zone(write, true, Math.min(firstEnd, read.completed()), Math.max(lastBeginning, read.invoked()));
    }
  }

  private RegisterHistory() {}

  /**
   * Checks {@code history}.
   *
   * @throws AssertionError if a register is not linearizable
   */
  public static void check(History history) {
    Map<Integer, List<Access>> byRegister = new HashMap<>();
    for (RecordedTransaction transaction : history.transactions()) {
      for (Operation operation : transaction.operations()) {
        Access access = Access.of(transaction, operation);
        byRegister.computeIfAbsent(access.register, register -> new ArrayList<>()).add(access);
      }
    }
    byRegister.forEach((register, all) -> check(zones(register, all)));
  }

  private static List<Zone> zones(int register, List<Access> all) {
    Map<Integer, Zone> zones = new HashMap<>();
    RecordedTransaction before = new RecordedTransaction(-1, -1, 0, Outcome.COMMITTED, List.of());
    zones.put(INITIAL, Zone.of(new Access(register, INITIAL, true, before)));
    for (Access each : all) {
      if (each.write && each.transaction.outcome() != Outcome.ABORTED) {
        zones.put(each.value, Zone.of(each));
      }
    }
    for (Access each : all) {
      if (!each.write && each.transaction.outcome() == Outcome.COMMITTED) {
        Zone zone = zones.get(each.value);
        if (zone == null) {
          throw new AssertionError(each + " read what no write that happened wrote");
        }
        if (each.completed() < zone.write.invoked()) {
          throw new AssertionError(each + " read the future: " + zone.write);
        }
        zones.put(each.value, zone.with(each));
      }
    }
    // A write of unknown outcome that nobody saw need not have happened.
    return zones.values().stream().filter(Zone::seen).toList();
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
