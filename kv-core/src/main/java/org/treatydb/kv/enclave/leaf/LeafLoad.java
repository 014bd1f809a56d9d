package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.enclave.version.Entry;

/**
 * Writes sorted rows into new leaves, which nobody sees before they are {@linkplain #placeIn placed} in the directory.
 * The rows' commit timestamp need not be known until then: it is the load's, not in the frames. Memory in use is what the
 * directory's entries take. Not thread-safe; one object a load.
 */
public final class LeafLoad {

  private final LeafReader reader;
  private final LeafWriter writer;
  private final KeyRange range;
  private final long flushId;

  private final List<LeafEntry> put = new ArrayList<>();
  private List<Entry> leaf = new ArrayList<>();
  private long leafBytes;
  private byte[] last;
  private long rows;

  /**
   * A load of the rows of {@code range}.
   *
   * @param newLeafId gives ids that no flush uses
   */
  public LeafLoad(LeafReader reader, SealedStore store, KeyRange range, long flushId, LongSupplier newLeafId) {
    this.reader = reader;
    this.writer = new LeafWriter(reader, store, flushId, newLeafId);
    this.range = range;
    this.flushId = flushId;
  }

  public long flushId() {
    return flushId;
  }

  public long rows() {
    return rows;
  }

  /**
   * Adds a row behind those before it.
   *
   * @throws KvException.InvalidRequest if it does not belong there, or is too long
   */
  public void add(KeyValue row) {
    if (row.key().length > KvStore.KEY_BYTES_MAX || row.value().length > KvStore.VALUE_BYTES_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED, "row " + (rows + 1) + " of the load is too long");
    }
    if (!range.contains(row.key())) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "row " + (rows + 1) + " of the load lies outside its range");
    }
    if (last != null && Arrays.compareUnsigned(last, row.key()) >= 0) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "row " + (rows + 1) + " of the load has not a larger key than the row before it");
    }
    if (leafBytes >= LeafFlush.LEAF_BYTES_TARGET) {
      writeLeaf();
    }
    Entry entry = new Entry(row.key(), EntryBlock.LOAD_TIME, row.value());
    leaf.add(entry);
    leafBytes += EntryBlock.encodedBytes(entry);
    last = row.key();
    rows++;
  }

  private void writeLeaf() {
    byte[] firstKey = put.isEmpty() ? range.start() : leaf.getFirst().key();
    put.add(writer.base(firstKey.clone(), EntryBlock.of(leaf), false));
    leaf = new ArrayList<>();
    leafBytes = 0;
  }

  /** Returns when all rows are on stable storage; there must be one. */
  public void finish() {
    writeLeaf();
    writer.sync();
  }

  /**
   * Makes room in {@code directory}: of the leaves there, which hold nothing in the range that anybody reads, what they
   * hold below and above it is kept.
   *
   * @param leaves those that {@code directory} describes
   * @return what brings the rows into the directory; all that it needs is on stable storage
   */
  public DirectoryEdit placeIn(Directory directory, SealedStore.Snapshot leaves) {
    int first = directory.find(range.start());
    int end = first + 1;
    while (end < directory.size() && range.contains(directory.leaf(end).firstKey())) {
      end++;
    }
    List<byte[]> removed = new ArrayList<>();
    List<LeafEntry> all = new ArrayList<>();
    LeafEntry left = directory.leaf(first);
    if (!Arrays.equals(left.firstKey(), range.start())) {
      keepBelow(left, leaves, removed, all);
    }
    directory.leaves().subList(first + 1, end).forEach(each -> removed.add(each.firstKey()));
    all.addAll(put);
    if (range.end() != null) {
      EntryBlock content = reader.readToReplace(directory.leaf(end - 1), leaves).merged();
      EntryBlock above = content.slice(content.lowerBound(range.end()), content.count());
      if (above.count() > 0) {
        all.add(writer.base(range.end().clone(), above, false));
      }
    }
    writer.sync();
    return new DirectoryEdit(removed, all);
  }

  private void keepBelow(LeafEntry left, SealedStore.Snapshot leaves, List<byte[]> removed, List<LeafEntry> kept) {
    EntryBlock entries = reader.readToReplace(left, leaves).merged();
    EntryBlock below = entries.slice(0, entries.lowerBound(range.start()));
    if (below.count() < entries.count()) {
      if (below.count() > 0) {
        kept.add(writer.base(left.firstKey(), below, false));
      } else if (left.firstKey().length == 0) {
        kept.add(LeafEntry.EMPTY);
      } else {
        removed.add(left.firstKey());
      }
    }
  }
}
