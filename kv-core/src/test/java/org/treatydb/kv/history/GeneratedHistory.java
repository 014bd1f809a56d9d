package org.treatydb.kv.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes histories that are strictly serializable by construction: several processes, each transaction taking effect at one moment between
 * its beginning and its end, on lists (keys from 0) and sets (keys below 0). Some abort; of some the client never learns the outcome.
 */
final class GeneratedHistory {

  private static final int VALUES_PER_KEY_MAX = 24;

  private final Random random;
  private final int lists;
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final Map<Integer, List<Integer>> state = new HashMap<>();
  private final Map<Integer, Integer> appended = new HashMap<>();
  private int firstKey;

  private GeneratedHistory(long seed, int lists) {
    this.random = new Random(seed);
    this.lists = lists;
  }

  static History of(long seed, int transactions, int processes, int lists) {
    return new GeneratedHistory(seed, lists).run(transactions, processes);
  }

  private enum Step { BEGIN, TAKE_EFFECT, END }

  private History run(int transactions, int processes) {
    Step[] next = new Step[processes];
    Arrays.fill(next, Step.BEGIN);
    HistoryRecorder.Recording[] recordings = new HistoryRecorder.Recording[processes];
    Outcome[] outcomes = new Outcome[processes];
    int begun = 0;
    int ended = 0;
    while (ended < transactions) {
      int process = random.nextInt(processes);
      if (next[process] == Step.BEGIN && begun < transactions) {
        recordings[process] = recorder.begin(process);
        next[process] = Step.TAKE_EFFECT;
        begun++;
      } else if (next[process] == Step.TAKE_EFFECT) {
        outcomes[process] = takeEffect(recordings[process]);
        next[process] = Step.END;
      } else if (next[process] == Step.END) {
        recordings[process].end(outcomes[process]);
        next[process] = Step.BEGIN;
        ended++;
      }
    }
    return recorder.history();
  }

  private Outcome takeEffect(HistoryRecorder.Recording recording) {
    int dice = random.nextInt(100);
    Outcome outcome = dice < 5 ? Outcome.ABORTED : dice < 8 ? Outcome.UNKNOWN : Outcome.COMMITTED;
    boolean happens = outcome == Outcome.COMMITTED || outcome == Outcome.UNKNOWN && random.nextBoolean();
    Map<Integer, List<Integer>> mine = new HashMap<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      int key = firstKey + random.nextInt(lists);
      key = random.nextInt(4) == 0 ? -1 - key : key;
      List<Integer> now = mine.computeIfAbsent(key, k -> new ArrayList<>(state.getOrDefault(k, List.of())));
      if (random.nextBoolean()) {
        int[] values = now.stream().mapToInt(value -> value).toArray();
        recording.add(key < 0 ? new Operation.Scan(key, shuffled(values)) : new Operation.Read(key, values));
      } else {
        int value = appended.merge(key, 1, Integer::sum);
        now.add(value);
        recording.add(new Operation.Append(key, value));
        firstKey += value == VALUES_PER_KEY_MAX ? 1 : 0;
      }
    }
    if (happens) {
      state.putAll(mine);
    }
    return outcome;
  }

  private int[] shuffled(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int other = values[i];
      values[i] = values[j];
      values[j] = other;
    }
    return values;
  }
}
