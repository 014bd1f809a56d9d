package org.treatydb.dist.enclave.deadlock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.treatydb.kv.api.TransactionId;

/** Who waits for whom, as several nodes have told it, each at its moment. Not thread-safe. */
final class Waits {

  /** Of the transactions in a deadlock this one gives way: the one that began last, as far as its coordinator's count tells. */
  private static final Comparator<TransactionId> BY_AGE =
      Comparator.comparingLong(TransactionId::sequence).thenComparingInt(TransactionId::node).thenComparingLong(TransactionId::bootEpoch);

  private final Map<TransactionId, Set<TransactionId>> blockers = new HashMap<>();

  void add(TransactionId waiter, Set<TransactionId> blocking) {
    blockers.computeIfAbsent(waiter, _ -> new HashSet<>()).addAll(blocking);
  }

  /** The transaction that has to give way for {@code waiter} to go on, if it waits, over others, for itself. */
  Optional<TransactionId> victim(TransactionId waiter) {
    List<TransactionId> path = new ArrayList<>();
    return leadsBack(waiter, waiter, path, new HashSet<>()) ? path.stream().max(BY_AGE) : Optional.empty();
  }

  /** Whether who {@code from} waits for waits for {@code goal} in the end; {@code path} is then the way there. */
  private boolean leadsBack(TransactionId from, TransactionId goal, List<TransactionId> path, Set<TransactionId> seen) {
    path.add(from);
    for (TransactionId blocker : blockers.getOrDefault(from, Set.of())) {
      if (blocker.equals(goal) || seen.add(blocker) && leadsBack(blocker, goal, path, seen)) {
        return true;
      }
    }
    path.removeLast();
    return false;
  }
}
