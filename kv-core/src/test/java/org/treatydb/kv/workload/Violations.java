package org.treatydb.kv.workload;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a workload saw that cannot be. Thread-safe. */
final class Violations {

  private static final int SHOWN_MAX = 5;

  private final Queue<String> found = new ConcurrentLinkedQueue<>();

  void add(String violation) {
    found.add(violation);
  }

  void check() {
    if (!found.isEmpty()) {
      throw new AssertionError(found.size() + " violations\n" + String.join("\n", found.stream().limit(SHOWN_MAX).toList()));
    }
  }
}
