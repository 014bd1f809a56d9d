package org.treatydb.examples.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionOptions;

/**
 * What the transaction benchmark asks of one side: an engine, and how its transactions keep out of each other's way.
 * Every change is durable when the call that made it returns. Thread-safe; a session is not.
 */
interface TransactionalEngine extends AutoCloseable {

  /** The sides there are. */
  enum Side {
    TREATY_PESSIMISTIC,
    TREATY_OPTIMISTIC,
    ROCKSDB_PESSIMISTIC,
    ROCKSDB_OPTIMISTIC;

    static final List<Side> OURS = List.of(TREATY_PESSIMISTIC, TREATY_OPTIMISTIC);
    static final List<Side> THEIRS = List.of(ROCKSDB_PESSIMISTIC, ROCKSDB_OPTIMISTIC);

    /** How figures call it. */
    String figureName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Opens or creates a store in {@code directory}; {@code cacheBytes}: memory for all its caches together. */
    TransactionalEngine open(Path directory, long cacheBytes) {
      return switch (this) {
        case TREATY_PESSIMISTIC -> new TreatyTransactions(TreatyFiles.open(directory, cacheBytes), TransactionOptions.READ_WRITE);
        case TREATY_OPTIMISTIC -> new TreatyTransactions(TreatyFiles.open(directory, cacheBytes), TransactionOptions.OPTIMISTIC);
        case ROCKSDB_PESSIMISTIC -> RocksTransactions.pessimistic(directory, cacheBytes);
        case ROCKSDB_OPTIMISTIC -> RocksTransactions.optimistic(directory, cacheBytes);
      };
    }
  }

  /** Writes all rows in one transaction. */
  void write(List<Row> rows);

  /** The sum of the numbers that the values in {@code range} begin with. */
  long sum(KeyRange range);

  Session session();

  @Override
  void close();

  /** One client's transactions: each call is one, and returns when it has committed. */
  interface Session extends AutoCloseable {

    /** The value of {@code key}, or null; takes no locks. */
    byte[] read(byte[] key);

    /** Writes without reading. */
    void update(byte[] key, byte[] value);

    /** Reads every key, in this order, then writes what the changes make of the values. */
    void change(List<Change> changes);

    /** How many transactions had to be run again. */
    long aborts();

    @Override
    void close();
  }

  /** What becomes of the number that the value of {@code key} begins with. */
  record Change(byte[] key, LongUnaryOperator change) {

    byte[] apply(byte[] value) {
      return Row.withNumber(value, change.applyAsLong(Row.number(value)));
    }
  }
}
