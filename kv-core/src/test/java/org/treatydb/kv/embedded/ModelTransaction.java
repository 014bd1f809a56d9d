package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * One of several transactions that one thread runs side by side, with all that a {@link StoreModel} needs to know of it: what it must read,
 * and which requests must or may be refused. Locks wait for nobody.
 */
final class ModelTransaction {

  /** What a transaction is. */
  enum Kind {
    PESSIMISTIC(TransactionOptions.READ_WRITE), OPTIMISTIC(TransactionOptions.OPTIMISTIC), READ_ONLY(TransactionOptions.READ_ONLY);

    private final TransactionOptions options;

    Kind(TransactionOptions options) {
      this.options = options.withLockTimeout(Duration.ZERO);
    }
  }

  /** An open cursor: where it must go on, with the transaction's writes as they were when it was opened. */
  private final class Scan {
    final KvCursor cursor;
    final NavigableMap<String, String> writes = new TreeMap<>(ModelTransaction.this.writes);
    final boolean reverse;
    final boolean forUpdate;
    int from;
    int to;

    Scan(int from, int to, ScanOptions options) {
      this.cursor = transaction.scan(new KeyRange(bytes(StoreModel.key(from)), bytes(StoreModel.key(to))), options);
      this.reverse = options.reverse();
      this.forUpdate = options.forUpdate();
      this.from = from;
      this.to = to;
    }

    /** Reads one more row; false at the end. */
    boolean read() {
      List<Integer> rest = StoreModel.indexes(from, to);
      NavigableMap<String, String> visible = overlaid(writes).subMap(StoreModel.key(from), true, StoreModel.key(to), false);
      boolean more = cursor.next();
      Map.Entry<String, String> expected = reverse ? visible.lastEntry() : visible.firstEntry();
      assertEquals(expected != null, more, "whether there is a row");
      if (more) {
        assertEquals(expected.getKey(), text(cursor.key()));
        assertEquals(expected.getValue(), text(cursor.value()));
        int at = StoreModel.index(expected.getKey());
        rest = reverse ? StoreModel.indexes(at, to) : StoreModel.indexes(from, at + 1);
      }
      rest.forEach(each -> noteLock(each, forUpdate));
      rest.forEach(ModelTransaction.this::noteRead);
      if (reverse) {
        to -= rest.size();
      } else {
        from += rest.size();
      }
      return more;
    }
  }

  private record Mark(KvTransaction.Savepoint savepoint, NavigableMap<String, String> writes) {}

  final Kind kind;
  private final StoreModel model;
  private final KvTransaction transaction;
  private final int begun;
  private final NavigableMap<String, String> snapshot;
  /** Null for a delete. */
  private NavigableMap<String, String> writes = new TreeMap<>();
  /** What it has certainly locked, if it is pessimistic: true if exclusively. */
  private final Map<Integer, Boolean> locked = new HashMap<>();
  /** What it may have locked: with the rest of the ranges it has begun to scan. */
  private final Map<Integer, Boolean> perhapsLocked = new HashMap<>();
  private final Set<Integer> read = new HashSet<>();
  private final Set<Integer> perhapsRead = new HashSet<>();
  private final List<Scan> scans = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();

  ModelTransaction(StoreModel model, KvStore store, Kind kind) {
    this.model = model;
    this.kind = kind;
    this.transaction = store.begin(kind.options);
    this.begun = model.commits();
    this.snapshot = model.committed();
  }

  private void noteLock(int key, boolean exclusive) {
    locked.merge(key, exclusive, Boolean::logicalOr);
    perhapsLocked.merge(key, exclusive, Boolean::logicalOr);
  }

  private void noteRead(int key) {
    read.add(key);
    perhapsRead.add(key);
  }

  private NavigableMap<String, String> overlaid(NavigableMap<String, String> mine) {
    NavigableMap<String, String> visible = kind == Kind.PESSIMISTIC ? model.committed() : new TreeMap<>(snapshot);
    visible.putAll(mine);
    visible.values().removeIf(value -> value == null);
    return visible;
  }

  private NavigableMap<String, String> visible() {
    return overlaid(writes);
  }

  /** Whether it has certainly locked the key against others who want it so; or may have. */
  boolean locks(int key, boolean exclusive, boolean certainly) {
    Boolean mine = (certainly ? locked : perhapsLocked).get(key);
    return kind == Kind.PESSIMISTIC && mine != null && (mine || exclusive);
  }

  /** Whether it reads a snapshot, and there are rows in that part of it. */
  boolean hasInSnapshot(int from, int to) {
    return kind != Kind.PESSIMISTIC && !snapshot.subMap(StoreModel.key(from), StoreModel.key(to)).isEmpty();
  }

  /** Takes a random step; false if that has ended it. */
  boolean step(Random random) {
    int from = random.nextInt(StoreModel.KEYS);
    int key = from;
    switch (random.nextInt(kind == Kind.READ_ONLY ? 5 : 13)) {
      case 0 -> {
        return read(List.of(key), false, () -> Arrays.asList(transaction.get(raw(key))));
      }
      case 1 -> {
        List<Integer> keys = Stream.generate(() -> random.nextInt(StoreModel.KEYS)).limit(random.nextInt(6)).toList();
        return read(keys, false, () -> transaction.multiGet(keys.stream().map(ModelTransaction::raw).toList()));
      }
      case 2 -> {
        boolean forUpdate = kind != Kind.READ_ONLY && random.nextInt(4) == 0;
        return scan(from, Math.min(StoreModel.KEYS, from + random.nextInt(12)), new ScanOptions(random.nextBoolean(), forUpdate));
      }
      case 3, 4 -> {
        return scans.isEmpty() || goOn(scans.get(random.nextInt(scans.size())), random);
      }
      case 5 -> {
        return read(List.of(key), true, () -> Arrays.asList(transaction.getForUpdate(raw(key))));
      }
      case 6, 7, 8 -> {
        return write(key, "v" + random.nextLong() + "x".repeat(random.nextInt(500)));
      }
      case 9 -> {
        return write(key, null);
      }
      default -> {
        savepoint(random);
        return true;
      }
    }
  }

  private static byte[] raw(int key) {
    return bytes(StoreModel.key(key));
  }

  /** Makes a request that wants to lock {@code keys}, if it is pessimistic; false if it was refused. */
  private boolean requested(List<Integer> keys, boolean exclusive, Runnable request) {
    boolean must = kind == Kind.PESSIMISTIC && keys.stream().anyMatch(key -> model.isLockedByOthers(this, key, exclusive, true));
    boolean may = kind == Kind.PESSIMISTIC && keys.stream().anyMatch(key -> model.isLockedByOthers(this, key, exclusive, false));
    try {
      request.run();
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.LOCK_TIMEOUT, e.code());
      assertTrue(may, "refused, though nobody holds a lock");
      return false;
    }
    assertFalse(must, "granted, though another holds a lock");
    keys.forEach(key -> noteLock(key, exclusive));
    return true;
  }

  private boolean read(List<Integer> keys, boolean forUpdate, Supplier<List<byte[]>> request) {
    List<Integer> others = keys.stream().filter(key -> !writes.containsKey(StoreModel.key(key))).toList();
    boolean granted = requested(others, forUpdate, () -> {
      NavigableMap<String, String> visible = visible();
      assertEquals(
          keys.stream().map(key -> visible.get(StoreModel.key(key))).toList(), request.get().stream().map(TemporaryStore::text).toList());
    });
    others.forEach(this::noteRead);
    return granted;
  }

  private boolean write(int key, String value) {
    return requested(List.of(key), true, () -> {
      if (value == null) {
        transaction.delete(raw(key));
      } else {
        transaction.put(raw(key), bytes(value));
      }
      writes.put(StoreModel.key(key), value);
    });
  }

  private boolean scan(int from, int to, ScanOptions options) {
    List<Integer> range = StoreModel.indexes(from, to);
    boolean may = range.stream().anyMatch(key -> model.isLockedByOthers(this, key, options.forUpdate(), false));
    try {
      scans.add(new Scan(from, to, options));
    } catch (KvException.Retryable e) {
      assertTrue(may && kind == Kind.PESSIMISTIC, "refused, though nobody holds a lock");
      return false;
    }
    range.forEach(key -> perhapsLocked.merge(key, options.forUpdate(), Boolean::logicalOr));
    perhapsRead.addAll(range);
    return true;
  }

  /** Reads some rows, and perhaps closes the cursor. */
  private boolean goOn(Scan scan, Random random) {
    List<Integer> range = StoreModel.indexes(scan.from, scan.to);
    boolean may = range.stream().anyMatch(key -> model.isLockedByOthers(this, key, scan.forUpdate, false));
    try {
      boolean more = true;
      for (int i = random.nextInt(8); i > 0 && more; i--) {
        more = scan.read();
      }
      if (!more || random.nextInt(3) == 0) {
        scan.cursor.close();
        scans.remove(scan);
      }
      return true;
    } catch (KvException.Retryable e) {
      assertEquals(ErrorCode.LOCK_TIMEOUT, e.code());
      assertTrue(may && kind == Kind.PESSIMISTIC, "refused, though nobody holds a lock");
      return false;
    }
  }

  private void savepoint(Random random) {
    if (marks.isEmpty() || random.nextInt(3) == 0) {
      marks.add(new Mark(transaction.savepoint(), new TreeMap<>(writes)));
      return;
    }
    int chosen = random.nextInt(marks.size());
    Mark mark = marks.get(chosen);
    if (random.nextInt(3) == 0) {
      transaction.release(mark.savepoint);
      marks.subList(chosen, marks.size()).clear();
    } else {
      transaction.rollbackTo(mark.savepoint);
      marks.subList(chosen + 1, marks.size()).clear();
      writes = new TreeMap<>(mark.writes);
    }
  }

  /** Commits; the model learns of it, unless it is refused as it must or may be. */
  void commit() {
    boolean checked = kind == Kind.OPTIMISTIC && !writes.isEmpty();
    boolean must = checked && (meetsLocks(read, true) || read.stream().anyMatch(this::hasChanged));
    boolean may = checked && (meetsLocks(perhapsRead, false) || perhapsRead.stream().anyMatch(this::hasChanged));
    try {
      transaction.commit();
    } catch (KvException.Retryable e) {
      assertTrue(may, "refused with " + e.code() + ", though nothing has changed and nobody holds a lock");
      model.refused();
      return;
    }
    assertFalse(must, "committed, though another transaction has changed what it read");
    model.apply(writes);
  }

  private boolean hasChanged(int key) {
    return model.changedAt(key) > begun;
  }

  private boolean meetsLocks(Set<Integer> reads, boolean certainly) {
    return reads.stream().anyMatch(key -> model.isLockedByOthers(this, key, false, certainly))
        || writes.keySet().stream().anyMatch(key -> model.isLockedByOthers(this, StoreModel.index(key), true, certainly));
  }

  void rollback() {
    transaction.rollback();
  }
}
