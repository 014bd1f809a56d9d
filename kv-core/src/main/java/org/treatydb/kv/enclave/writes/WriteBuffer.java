package org.treatydb.kv.enclave.writes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.enclave.version.EntryCursor;
import org.treatydb.kv.enclave.version.VersionedKey;
import org.treatydb.kv.enclave.wal.WalRecord;

/**
 * A transaction's writes, not yet committed. Savepoints are marks in a journal of what each write replaced, so undoing
 * costs what was done since. Not thread-safe.
 */
public final class WriteBuffer {

  /** The most bytes one transaction may write: keys, values, and {@value #WRITE_OVERHEAD_BYTES} for each write. */
  public static final long BYTES_MAX = 64L << 20;

  private static final int WRITE_OVERHEAD_BYTES = 16;

  /** A write; {@code value} null for a delete. */
  private record Write(byte[] value) {}

  private record Undo(byte[] key, Write before) {}

  private final class Mark implements KvTransaction.Savepoint {
    final int journalSize = journal.size();

    boolean belongsTo(WriteBuffer buffer) {
      return buffer == WriteBuffer.this;
    }
  }

  private final NavigableMap<byte[], Write> writes = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Undo> journal = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final WriteBudget budget;
  private long bytes;
  /** What the budget was charged: the writes and what the journal keeps of those before. Read by any thread. */
  private volatile long charged;

  public WriteBuffer(WriteBudget budget) {
    this.budget = budget;
  }

  /** Memory that the writes take, with what is kept to undo them. */
  public long charged() {
    return charged;
  }

  /** The writes are needed no longer. */
  public void giveBack() {
    charge(-charged);
  }

  public boolean isEmpty() {
    return writes.isEmpty();
  }

  public boolean contains(byte[] key) {
    return writes.containsKey(key);
  }

  /** The value written to {@code key}, null if it was deleted; only if {@link #contains}. */
  public byte[] get(byte[] key) {
    byte[] value = writes.get(key).value();
    return value == null ? null : value.clone();
  }

  /** Adds a write; takes the arrays over. */
  public void put(byte[] key, byte[] value) {
    Write now = new Write(value);
    long replaced = size(key, writes.get(key));
    long after = bytes + size(key, now) - replaced;
    if (after > BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a transaction may write at most " + (BYTES_MAX >> 20) + " MiB; commit in smaller pieces");
    }
    charge(size(key, now) - (marks.isEmpty() ? replaced : 0));
    bytes = after;
    Write before = writes.put(key, now);
    if (!marks.isEmpty()) {
      journal.add(new Undo(key, before));
    }
  }

  private void charge(long more) {
    if (more > 0) {
      budget.take(more);
    } else {
      budget.giveBack(-more);
    }
    charged = charged + more;
  }

  private static long size(byte[] key, Write write) {
    return write == null ? 0 : WRITE_OVERHEAD_BYTES + key.length + (write.value() == null ? 0L : write.value().length);
  }

  public KvTransaction.Savepoint mark() {
    Mark mark = new Mark();
    marks.add(mark);
    return mark;
  }

  private Mark valid(KvTransaction.Savepoint savepoint) {
    if (!(savepoint instanceof Mark mark) || !mark.belongsTo(this) || !marks.contains(mark)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_SAVEPOINT, "no such savepoint in this transaction");
    }
    return mark;
  }

  private void forgetAfter(Mark mark) {
    while (marks.getLast() != mark) {
      marks.removeLast();
    }
  }

  public void release(KvTransaction.Savepoint savepoint) {
    forgetAfter(valid(savepoint));
    marks.removeLast();
    if (marks.isEmpty()) {
      charge(-journal.stream().mapToLong(undo -> size(undo.key(), undo.before())).sum());
      journal.clear();
    }
  }

  public void rollbackTo(KvTransaction.Savepoint savepoint) {
    Mark mark = valid(savepoint);
    forgetAfter(mark);
    while (journal.size() > mark.journalSize) {
      Undo undo = journal.removeLast();
      Write now = undo.before();
      Write gone = now == null ? writes.remove(undo.key()) : writes.put(undo.key(), now);
      bytes += size(undo.key(), now) - size(undo.key(), gone);
      charge(-size(undo.key(), gone));
    }
  }

  /** The writes in key order. */
  public List<WalRecord.Write> toRecord() {
    List<WalRecord.Write> all = new ArrayList<>(writes.size());
    writes.forEach((key, write) -> all.add(new WalRecord.Write(key, write.value())));
    return all;
  }

  /** The writes in {@code range} as they are now, newer than anything stored. */
  public EntryCursor scan(KeyRange range, boolean reverse) {
    NavigableMap<byte[], Write> inside = range.end() == null
        ? writes.tailMap(range.start(), true)
        : writes.subMap(range.start(), true, range.end(), false);
    List<Map.Entry<byte[], Write>> copy = new ArrayList<>();
    (reverse ? inside.descendingMap() : inside).forEach((key, write) -> copy.add(Map.entry(key, write)));
    return new Cursor(copy.iterator());
  }

  public boolean isEmptyIn(KeyRange range) {
    if (writes.isEmpty()) {
      return true;
    }
    byte[] next = writes.ceilingKey(range.start());
    return next == null || !range.contains(next);
  }

  private static final class Cursor implements EntryCursor {
    private final Iterator<Map.Entry<byte[], Write>> source;
    private Map.Entry<byte[], Write> current;

    Cursor(Iterator<Map.Entry<byte[], Write>> source) {
      this.source = source;
    }

    @Override
    public boolean next() {
      current = source.hasNext() ? source.next() : null;
      return current != null;
    }

    @Override
    public byte[] key() {
      return current.getKey().clone();
    }

    @Override
    public long timestamp() {
      return VersionedKey.UNCOMMITTED;
    }

    @Override
    public boolean isTombstone() {
      return current.getValue().value() == null;
    }

    @Override
    public byte[] value() {
      return current.getValue().value().clone();
    }
  }
}
