package org.treatydb.examples.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.treatydb.kv.api.KeyRange;

/**
 * What clients do: the core workloads of YCSB (Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010)
 * over rows of 116 bytes, one operation a transaction, and transfers between accounts. F and the transfers work on rows
 * that begin with a counter.
 */
enum Workload {

  /** Half reads, half writes. */
  YCSB_A(50) {
    @Override
    void write(TransactionalEngine.Session session, KeyChooser keys) {
      writeRow(session, keys);
    }
  },

  /** Nearly all reads. */
  YCSB_B(5) {
    @Override
    void write(TransactionalEngine.Session session, KeyChooser keys) {
      writeRow(session, keys);
    }
  },

  /** Reads only. */
  YCSB_C(0) {
    @Override
    void write(TransactionalEngine.Session session, KeyChooser keys) {
      throw new IllegalStateException("this workload only reads");
    }
  },

  /** Half reads, half reads followed by a write of what was read: a counter is incremented. */
  YCSB_F(50) {
    @Override
    void write(TransactionalEngine.Session session, KeyChooser keys) {
      long counter = keys.next(ThreadLocalRandom.current());
      session.change(List.of(new TransactionalEngine.Change(Row.key(COUNTERS, counter), number -> number + 1)));
    }
  },

  /** Each moves something from one account to another: two reads, two writes. */
  TRANSFER(100) {
    @Override
    void write(TransactionalEngine.Session session, KeyChooser keys) {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      long from = keys.next(random);
      long to = keys.next(random);
      while (to == from) {
        to = keys.next(random);
      }
      session.change(List.of(
          new TransactionalEngine.Change(Row.key(COUNTERS, from), balance -> balance - 1),
          new TransactionalEngine.Change(Row.key(COUNTERS, to), balance -> balance + 1)));
    }
  };

  private static final byte[] ROWS = "user".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COUNTERS = "counter".getBytes(StandardCharsets.US_ASCII);

  private final int writePercent;

  Workload(int writePercent) {
    this.writePercent = writePercent;
  }

  String figureName() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean writes() {
    return writePercent > 0;
  }

  boolean reads() {
    return writePercent < 100;
  }

  /** What one transaction that writes adds to the sum of all counters. */
  int addsToCounters() {
    return this == YCSB_F ? 1 : 0;
  }

  /** All counters. */
  static KeyRange counters() {
    return KeyRange.prefix(COUNTERS);
  }

  /** The rows of one record as they are at first: what reads and updates work on, and a counter at zero. */
  static List<Row> rows(long record, ThreadLocalRandom random) {
    return List.of(
        new Row(Row.key(ROWS, record), Row.value(record, random)),
        new Row(Row.key(COUNTERS, record), Row.value(0, random)));
  }

  /** Runs one transaction. */
  Clients.Kind step(TransactionalEngine.Session session, KeyChooser keys) {
    if (ThreadLocalRandom.current().nextInt(100) < writePercent) {
      write(session, keys);
      return Clients.Kind.WRITE;
    }
    long record = keys.next(ThreadLocalRandom.current());
    boolean counter = this == YCSB_F;
    byte[] value = session.read(Row.key(counter ? COUNTERS : ROWS, record));
    if (value == null || !counter && Row.number(value) != record) {
      throw new IllegalStateException("a row is missing or wrong");
    }
    return Clients.Kind.READ;
  }

  abstract void write(TransactionalEngine.Session session, KeyChooser keys);

  private static void writeRow(TransactionalEngine.Session session, KeyChooser keys) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long record = keys.next(random);
    session.update(Row.key(ROWS, record), Row.value(record, random));
  }
}
