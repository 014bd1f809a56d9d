package org.treatydb.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.OptimisticTransactionOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.TransactionOptions;
import org.rocksdb.WriteBatch;
import org.treatydb.kv.api.KeyRange;

/**
 * RocksDB's transactions through RocksJava: those that lock, or those that check at commit. A client uses its native
 * transaction again and again, a single write goes without one, and aborted transactions are run again after pauses as
 * Treaty's are.
 */
final class RocksTransactions implements TransactionalEngine {

  private static final long LOCK_TIMEOUT_MILLIS = 10_000;
  private static final long LOCK_STRIPES = 64;
  private static final long PAUSE_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Set<Status.Code> ABORTS =
      Set.of(Status.Code.Busy, Status.Code.TimedOut, Status.Code.TryAgain, Status.Code.Aborted);

  private final RocksTuning tuning;
  private final RocksDB db;
  private final Begin begin;
  private final List<AutoCloseable> natives;
  private final ReadOptions readOptions = new ReadOptions();

  private RocksTransactions(RocksTuning tuning, RocksDB db, Begin begin, List<AutoCloseable> natives) {
    this.tuning = tuning;
    this.db = db;
    this.begin = begin;
    this.natives = natives;
  }

  /** Begins a transaction, in the native object of an {@code ended} one unless that is null. */
  private interface Begin {
    Transaction begin(Transaction ended);
  }

  /** Opens a native database. */
  private interface Opener<T> {
    T open(String directory) throws RocksDBException;
  }

  static RocksTransactions pessimistic(Path directory, long cacheBytes) {
    RocksTuning tuning = new RocksTuning(cacheBytes);
    TransactionDBOptions dbOptions = new TransactionDBOptions()
        .setNumStripes(LOCK_STRIPES)
        .setDefaultLockTimeout(LOCK_TIMEOUT_MILLIS)
        .setTransactionLockTimeout(LOCK_TIMEOUT_MILLIS);
    TransactionOptions options = new TransactionOptions().setDeadlockDetect(true);
    TransactionDB db = open(directory, path -> TransactionDB.open(tuning.options(), dbOptions, path));
    Begin begin = ended -> ended == null
        ? db.beginTransaction(tuning.synced(), options)
        : db.beginTransaction(tuning.synced(), options, ended);
    return new RocksTransactions(tuning, db, begin, List.of(options, dbOptions));
  }

  static RocksTransactions optimistic(Path directory, long cacheBytes) {
    RocksTuning tuning = new RocksTuning(cacheBytes);
    OptimisticTransactionOptions options = new OptimisticTransactionOptions();
    OptimisticTransactionDB db = open(directory, path -> OptimisticTransactionDB.open(tuning.options(), path));
    Begin begin = ended -> ended == null
        ? db.beginTransaction(tuning.synced(), options)
        : db.beginTransaction(tuning.synced(), options, ended);
    return new RocksTransactions(tuning, db, begin, List.of(options));
  }

  private static <T> T open(Path directory, Opener<T> opener) {
    try {
      return opener.open(Files.createDirectories(directory).toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings of the transactions, for the report. */
  static String describe() {
    return ("RocksDB's transactions: TransactionDB with deadlock detection, %d lock stripes, lock timeout %d s; OptimisticTransactionDB as"
        + " it comes; reads and single writes go without a transaction object").formatted(LOCK_STRIPES, LOCK_TIMEOUT_MILLIS / 1000);
  }

  @Override
  public void write(List<Row> rows) {
    try (WriteBatch batch = new WriteBatch()) {
      for (Row row : rows) {
        batch.put(row.key(), row.value());
      }
      db.write(tuning.synced(), batch);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long sum(KeyRange range) {
    long sum = 0;
    try (Slice end = new Slice(range.end());
        ReadOptions bounded = new ReadOptions().setIterateUpperBound(end);
        RocksIterator iterator = db.newIterator(bounded)) {
      for (iterator.seek(range.start()); iterator.isValid(); iterator.next()) {
        sum += Row.number(iterator.value());
      }
    }
    return sum;
  }

  @Override
  public Session session() {
    return new RocksSession();
  }

  @Override
  public void close() {
    readOptions.close();
    db.close();
    for (AutoCloseable each : natives) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    tuning.close();
  }

  private final class RocksSession implements Session {

    private Transaction transaction;
    private long aborts;

    /** Work that RocksDB may abort. */
    private interface Attempt {
      void run() throws RocksDBException;
    }

    @Override
    public byte[] read(byte[] key) {
      try {
        return db.get(readOptions, key);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void update(byte[] key, byte[] value) {
      commit(() -> db.put(tuning.synced(), key, value));
    }

    @Override
    public void change(List<Change> changes) {
      commit(() -> {
        transaction = begin.begin(transaction);
        try {
          List<byte[]> values = new ArrayList<>(changes.size());
          for (Change change : changes) {
            values.add(transaction.getForUpdate(readOptions, change.key(), true));
          }
          for (int i = 0; i < values.size(); i++) {
            transaction.put(changes.get(i).key(), changes.get(i).apply(values.get(i)));
          }
          transaction.commit();
        } catch (RocksDBException e) {
          transaction.rollback();
          throw e;
        }
      });
    }

    private void commit(Attempt work) {
      for (int attempt = 1; ; attempt++) {
        try {
          work.run();
          return;
        } catch (RocksDBException e) {
          if (e.getStatus() == null || !ABORTS.contains(e.getStatus().getCode())) {
            throw new IllegalStateException(e);
          }
        }
        aborts++;
        long ceiling = Math.min(PAUSE_NANOS_MAX, PAUSE_NANOS_MIN << Math.min(attempt, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS_MIN, ceiling + 1));
      }
    }

    @Override
    public long aborts() {
      return aborts;
    }

    @Override
    public void close() {
      if (transaction != null) {
        transaction.close();
      }
    }
  }
}
