package org.treatydb.examples.bench;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/** One client of a cluster, whose transactions one node coordinates. Used by one thread. */
final class ClusterClient implements Clients.Client {

  private final ClusterWorkload workload;
  private final RecordPairs pairs;
  private final CommitLoop reads;
  private final CommitLoop writes;
  private final LongAdder aborts;

  ClusterClient(ClusterWorkload workload, RecordPairs pairs, KvStore store, LongAdder aborts) {
    this.workload = workload;
    this.pairs = pairs;
    this.reads = new CommitLoop(store, TransactionOptions.READ_ONLY);
    this.writes = new CommitLoop(store, TransactionOptions.READ_WRITE);
    this.aborts = aborts;
  }

  @Override
  public Clients.Kind step() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    RecordPairs.Pair pair = pairs.next(random);
    if (random.nextInt(100) >= workload.writePercent()) {
      reads.commit(transaction -> {
        read(transaction, pair.first());
        read(transaction, pair.second());
      });
      return Clients.Kind.READ;
    }
    if (workload == ClusterWorkload.TRANSFER) {
      writes.commit(transaction -> transfer(transaction, pair));
    } else {
      writes.commit(transaction -> write(transaction, pair));
    }
    return Clients.Kind.WRITE;
  }

  private static void read(KvTransaction transaction, RecordPairs.Place place) {
    byte[] value = transaction.get(place.row());
    if (value == null || Row.number(value) != place.record()) {
      throw new IllegalStateException("a row is missing or wrong");
    }
  }

  private static void write(KvTransaction transaction, RecordPairs.Pair pair) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    transaction.put(pair.first().row(), Row.value(pair.first().record(), random));
    transaction.put(pair.second().row(), Row.value(pair.second().record(), random));
  }

  private static void transfer(KvTransaction transaction, RecordPairs.Pair pair) {
    byte[] from = pair.first().account();
    byte[] to = pair.second().account();
    byte[] less = transaction.getForUpdate(from);
    byte[] more = transaction.getForUpdate(to);
    transaction.put(from, Row.withNumber(less, Row.number(less) - 1));
    transaction.put(to, Row.withNumber(more, Row.number(more) + 1));
  }

  @Override
  public void close() {
    aborts.add(writes.aborts());
  }
}
