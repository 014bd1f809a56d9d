package org.treatydb.kv.history;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Who appended what, and which transactions count as having happened: those that committed, and those of unknown outcome whose writes
 * were seen by one that counts.
 */
final class Appends {

  /** No transaction. */
  static final int NOBODY = -1;

  private final History history;
  private final Map<Long, Integer> writers = new HashMap<>();
  private final boolean[] happened;

  Appends(History history) {
    this.history = history;
    this.happened = new boolean[history.size()];
    for (int i = 0; i < history.size(); i++) {
      for (Operation operation : history.get(i).operations()) {
        if (operation instanceof Operation.Append(int key, int value) && writers.put(packed(key, value), i) != null) {
          throw new IllegalArgumentException("value " + value + " is appended to key " + key + " twice: nobody could tell them apart");
        }
      }
    }
    findHappened();
  }

  private static long packed(int key, int value) {
    return (long) key << Integer.SIZE | value & 0xffff_ffffL;
  }

  private void findHappened() {
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < happened.length; i++) {
      if (history.get(i).outcome() == Outcome.COMMITTED) {
        happened[i] = true;
        open.add(i);
      }
    }
    if (history.count(Outcome.UNKNOWN) == 0) {
      return;
    }
    while (!open.isEmpty()) {
      for (Operation operation : history.get(open.poll()).operations()) {
        for (int value : values(operation)) {
          int writer = writer(operation.key(), value);
          if (writer != NOBODY && !happened[writer] && history.get(writer).outcome() == Outcome.UNKNOWN) {
            happened[writer] = true;
            open.add(writer);
          }
        }
      }
    }
  }

  /** What an operation read; nothing if it is an append. */
  static int[] values(Operation operation) {
    return switch (operation) {
      case Operation.Read read -> read.values();
      case Operation.Scan scan -> scan.values();
      case Operation.Append _ -> new int[0];
    };
  }

  int writer(int key, int value) {
    return writers.getOrDefault(packed(key, value), NOBODY);
  }

  /** The writer, if it happened. */
  int writerThatHappened(int key, int value) {
    int writer = writer(key, value);
    return writer != NOBODY && happened[writer] ? writer : NOBODY;
  }

  boolean happened(int transaction) {
    return happened[transaction];
  }
}
