package org.treatydb.kv.enclave.lock;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.treatydb.kv.api.ErrorCode;

/**
 * Finds and breaks cycles of waiting owners, each when it closes: either one of them need not wait behind another's mere request and
 * overtakes it, or all wait for locks that are held, and the youngest is refused with DEADLOCK.
 *
 * <p>That looking for cycles when a request begins to wait suffices: an owner that waits acquires nothing, so whom two
 * waiting requests wait for among each other is settled when the later of them arrives. Whoever is granted a lock comes
 * to block others while it does not wait itself, and is looked at when it does.
 *
 * <p>Guarded by the table's lock.
 */
final class DeadlockSearch {

  private final LockState state;

  DeadlockSearch(LockState state) {
    this.state = state;
  }

  /**
   * Breaks every cycle that goes through {@code start}, which has just begun to wait.
   *
   * @param patient whether it will go on waiting; if not, nobody else is refused for its sake
   */
  void breakCycles(LockOwner start, boolean patient) {
    if (start.holdsNothing()) {
      return;
    }
    for (List<LockOwner> cycle = findCycle(start); !cycle.isEmpty(); cycle = findCycle(start)) {
      if (!overtake(cycle)) {
        if (!patient) {
          return;
        }
        LockOwner youngest = Collections.max(cycle, (left, right) -> Long.compare(left.age, right.age));
        state.refuse(youngest.waiting, ErrorCode.DEADLOCK);
      }
    }
  }

  /** Lets one request in the cycle pass another that holds it back by being earlier only; false if there is none. */
  private boolean overtake(List<LockOwner> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      LockRequest request = cycle.get(i).waiting;
      LockOwner next = cycle.get((i + 1) % cycle.size());
      if (!state.anyHolder(request, holder -> holder == next)) {
        request.overtake(next.waiting);
        state.grantNear(request);
        return true;
      }
    }
    return false;
  }

  /** A shortest cycle through {@code start}, each of whom waits for the next and the last for {@code start}; empty if none. */
  private List<LockOwner> findCycle(LockOwner start) {
    Map<LockOwner, LockOwner> reachedFrom = new HashMap<>();
    ArrayDeque<LockOwner> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      LockOwner from = open.poll();
      if (from.waiting != null) {
        state.forEachOnTheWay(from.waiting, next -> {
          if (reachedFrom.putIfAbsent(next, from) == null && next != start) {
            open.add(next);
          }
        });
      }
      if (reachedFrom.containsKey(start)) {
        LinkedList<LockOwner> cycle = new LinkedList<>(List.of(reachedFrom.get(start)));
        while (cycle.getFirst() != start) {
          cycle.addFirst(reachedFrom.get(cycle.getFirst()));
        }
        return cycle;
      }
    }
    return List.of();
  }
}
