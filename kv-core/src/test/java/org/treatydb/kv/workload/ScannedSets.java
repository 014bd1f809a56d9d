package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/** What one scan found in neighbouring sets. */
final class ScannedSets {

  private final int first;
  private final List<List<Integer>> values = new ArrayList<>();

  /** Nothing yet in {@code count} sets from {@code first} on. */
  ScannedSets(int first, int count) {
    this.first = first;
    for (int i = 0; i < count; i++) {
      values.add(new ArrayList<>());
    }
  }

  void add(int set, int value) {
    values.get(set - first).add(value);
  }

  void record(HistoryRecorder.Recording recording) {
    for (int i = 0; i < values.size(); i++) {
      recording.add(new Operation.Scan(first + i, values.get(i).stream().mapToInt(value -> value).toArray()));
    }
  }
}
