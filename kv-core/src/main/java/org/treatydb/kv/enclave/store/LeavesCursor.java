package org.treatydb.kv.enclave.store;

import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.LeafReader;
import org.treatydb.kv.enclave.version.EntryCursor;

/** Walks the leaves of a view one by one, opening each as it comes to it. */
final class LeavesCursor implements EntryCursor {

  private final View view;
  private final LeafReader reader;
  private final KeyRange range;
  private final long timestamp;
  private final boolean reverse;
  private final int last;
  private int leaf;
  private EntryCursor entries;

  LeavesCursor(View view, LeafReader reader, KeyRange range, long timestamp, boolean reverse) {
    this.view = view;
    this.reader = reader;
    this.range = range;
    this.timestamp = timestamp;
    this.reverse = reverse;
    Directory directory = view.directory;
    int low = directory.find(range.start());
    int high = range.end() == null ? directory.size() - 1 : directory.find(range.end());
    this.leaf = reverse ? high : low;
    this.last = reverse ? low : high;
  }

  @Override
  public boolean next() {
    while (entries == null || !entries.next()) {
      if (reverse ? leaf < last : leaf > last) {
        return false;
      }
      entries = reader.read(view.directory.leaf(leaf), view.leaves).scan(range, timestamp, reverse);
      leaf += reverse ? -1 : 1;
    }
    return true;
  }

  @Override
  public byte[] key() {
    return entries.key();
  }

  @Override
  public long timestamp() {
    return entries.timestamp();
  }

  @Override
  public boolean isTombstone() {
    return entries.isTombstone();
  }

  @Override
  public byte[] value() {
    return entries.value();
  }
}
