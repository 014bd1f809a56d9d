package org.treatydb.kv.enclave.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.treatydb.kv.enclave.leaf.LeafEntry;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.memtable.MemTable;
import org.treatydb.kv.enclave.version.Entry;

/** Reads many keys from one view: first from the memtables, then from each leaf that is left, once. */
final class MultiGet {

  private final View view;
  private final LeafReader reader;
  private final long timestamp;

  MultiGet(View view, LeafReader reader, long timestamp) {
    this.view = view;
    this.reader = reader;
    this.timestamp = timestamp;
  }

  /** The values, in the keys' order, null where there is none. */
  List<byte[]> run(List<byte[]> keys) {
    byte[][] values = new byte[keys.size()][];
    Map<Integer, List<Integer>> placesByLeaf = new TreeMap<>();
    for (int i = 0; i < values.length; i++) {
      Entry found = MemTable.firstVisible(view.memTables, keys.get(i), timestamp);
      if (found == null) {
        placesByLeaf.computeIfAbsent(view.directory.find(keys.get(i)), leaf -> new ArrayList<>(1)).add(i);
      } else {
        values[i] = found.value();
      }
    }
    List<LeafEntry> leaves = placesByLeaf.keySet().stream().map(view.directory::leaf).toList();
    List<List<Integer>> places = List.copyOf(placesByLeaf.values());
    reader.read(leaves, view.leaves, (number, content) -> {
      for (int place : places.get(number)) {
        Entry found = content.get(keys.get(place), timestamp);
        values[place] = found == null ? null : found.value();
      }
    });
    return Arrays.asList(values);
  }
}
