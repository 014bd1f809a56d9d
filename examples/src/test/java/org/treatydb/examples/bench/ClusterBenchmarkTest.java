package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster benchmark, with next to no data: that every side runs, and that it counts what is there to count. */
class ClusterBenchmarkTest {

  private static final ClusterPlan TINY = new ClusterPlan(
      50, List.of(ClusterSide.values()), List.of(ClusterWorkload.values()), List.of(0, 100), List.of(1, 4), 1,
      TimeUnit.MILLISECONDS.toNanos(100), 1);

  @Test
  void measuresEverySideAndCountsWhatATransferCosts(@TempDir Path directory) throws Exception {
    Figures figures = new Figures();
    new ClusterBenchmark(directory, TINY, figures.report()).run();
    for (ClusterWorkload workload : ClusterWorkload.values()) {
      for (String share : List.of("_multi_0", "_multi_100")) {
        String name = workload.figureName() + share + "_clients_4";
        figures.assertPositive(
            name + "_full", name + "_unstabilized", name + "_plain_wire", name + "_bare", name + "_security_tax_ratio",
            name + "_full_to_unstabilized_ratio", name + "_full_to_bare_ratio");
      }
    }
    figures.assertPositive(
        "transfer_multi_100_clients_1_bare_write_p99", "ycsb_b_multi_0_clients_4_full_read_p50", "security_tax_median_ratio",
        "security_tax_lowest_ratio", "transfer_multi_0_clients_1_full_messages");
    Map<String, Double> all = figures.all();
    String alone = "transfer_multi_100_clients_1_full_";
    assertTrue(all.get(alone + "syncs_of_least_ratio") > 0.5, all.get(alone + "syncs") + " syncs");
    assertTrue(all.get(alone + "counter_rounds_of_least_ratio") > 0.5, all.get(alone + "counter_rounds") + " rounds");
    assertTrue(all.get(alone + "messages_of_least_ratio") > 0.5, all.get(alone + "messages") + " messages");
  }

  @Test
  void leavesOutTheRatiosOfSidesThatAreNotWanted(@TempDir Path directory) throws Exception {
    Figures figures = new Figures();
    ClusterPlan one = TINY.withSides(List.of(ClusterSide.FULL)).withWorkloads(List.of(ClusterWorkload.TRANSFER))
        .withMultiShardPercents(List.of(50)).withClients(List.of(2));
    new ClusterBenchmark(directory, one, figures.report()).run();
    figures.assertPositive("transfer_multi_50_clients_2_full");
    assertTrue(figures.all().keySet().stream().noneMatch(name -> name.contains("tax") || name.contains("bare")), figures.all().toString());
  }

  @Test
  void pairsAreOnTwoNodesAsOftenAsWantedAndNeverOneRecordTwice() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    for (int percent : new int[] {0, 50, 100}) {
      RecordPairs pairs = new RecordPairs(2, percent);
      int multi = 0;
      for (int i = 0; i < 10_000; i++) {
        RecordPairs.Pair pair = pairs.next(random);
        assertNotEquals(pair.first(), pair.second());
        multi += pair.first().node() != pair.second().node() ? 1 : 0;
      }
      assertEquals(percent * 100, multi, percent % 100 == 0 ? 0 : 300);
    }
  }

  @Test
  void theLeastThatTheProtocolNeedsIsThatOfDecisionRecord001() {
    assertEquals(new TransferCosts(1, 0, 1, 4, 4, 2, 0), TransferCosts.least(0));
    assertEquals(new TransferCosts(4, 1, 5, 8, 20, 2, 0), TransferCosts.least(100));
  }
}
