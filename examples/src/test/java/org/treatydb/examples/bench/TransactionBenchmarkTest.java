package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.treatydb.examples.bench.TransactionalEngine.Side;

/** The transaction benchmark, with next to no data: that its sides do the same, that it would notice if one did not. */
class TransactionBenchmarkTest {

  private static final TransactionPlan TINY = new TransactionPlan(
      200, List.of(Workload.values()), List.of(TransactionPlan.Distribution.values()), List.of(1, 8), 1,
      TimeUnit.MILLISECONDS.toNanos(30), 1, 64L << 20);

  @Test
  void comparesEveryWorkloadAndDistributionOnEverySide(@TempDir Path directory) throws Exception {
    Figures figures = new Figures();
    new TransactionBenchmark(directory, TINY, figures.report()).run();
    for (Workload workload : Workload.values()) {
      for (String distribution : List.of("uniform", "zipfian")) {
        String name = workload.figureName() + "_" + distribution;
        for (String side : List.of("treaty_pessimistic", "treaty_optimistic", "rocksdb_pessimistic", "rocksdb_optimistic")) {
          figures.assertPositive(name + "_clients_1_" + side, name + "_clients_8_" + side, name + "_" + side + "_clients_8_of_peak_ratio");
        }
        figures.assertPositive(name + "_clients_8_ratio", name + "_clients_8_pessimistic_ratio", name + "_clients_8_optimistic_ratio");
        assertEquals(workload.writes(), figures.all().containsKey(name + "_clients_8_treaty_optimistic_aborts_per_commit"));
      }
    }
    figures.assertPositive(
        "ycsb_c_uniform_clients_1_treaty_pessimistic_read_p50", "transfer_zipfian_clients_8_rocksdb_optimistic_write_p99",
        "lowest_ratio_from_8_clients", "lowest_treaty_pessimistic_clients_8_of_peak_ratio");
  }

  @ParameterizedTest
  @EnumSource
  void incrementsOfManyClientsAreAllCountedAndTransfersKeepTheSum(Side side, @TempDir Path directory) throws Exception {
    try (TransactionalEngine engine = side.open(directory, 64L << 20)) {
      for (long record = 0; record < 2; record++) {
        engine.write(Workload.rows(record, ThreadLocalRandom.current()));
      }
      LongAdder increments = new LongAdder();
      for (Workload workload : List.of(Workload.YCSB_F, Workload.TRANSFER)) {
        Clients.Result result = Clients.run(8, TimeUnit.MINUTES.toNanos(1), 25, () -> client(workload, engine.session()));
        increments.add(result.writes().count() * workload.addsToCounters());
        assertEquals(increments.sum(), engine.sum(Workload.counters()), workload.toString());
      }
      assertTrue(increments.sum() > 0);
    }
  }

  private static Clients.Client client(Workload workload, TransactionalEngine.Session session) {
    return new Clients.Client() {
      @Override
      public Clients.Kind step() {
        return workload.step(session, KeyChooser.uniform(2));
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aSideOnWhichAReadFindsTheWrongRowIsFoundOut(Side side, @TempDir Path directory) {
    try (TransactionalEngine engine = side.open(directory, 64L << 20); TransactionalEngine.Session session = engine.session()) {
      engine.write(Workload.rows(5, ThreadLocalRandom.current()));
      assertEquals(Clients.Kind.READ, Workload.YCSB_C.step(session, random -> 5));
      assertThrows(IllegalStateException.class, () -> Workload.YCSB_C.step(session, random -> 6));
    }
  }
}
