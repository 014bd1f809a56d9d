package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The storage benchmark, with next to no data: that it runs, checks what it reads, and prints what is asked of it. */
class StorageBenchmarkTest {

  private static final StoragePlan TINY = new StoragePlan(3000, 1000, 2, 1, 20_000_000, 40L << 20, 33L << 20, 64, 128);

  private static Figures figures;

  @BeforeAll
  static void run(@TempDir Path directory) throws Exception {
    figures = new Figures();
    new StorageBenchmark(directory, TINY, figures.report()).run();
  }

  @Test
  void comparesEveryMeasureOfBothEngines() {
    for (String measure : new String[] {
        "load", "bulk_load", "space", "cold_get", "cold_get_8_threads", "reopened_get", "get_1_thread", "get_8_threads", "multi_get_100",
        "short_scan", "full_scan", "update_1_thread", "update_8_threads", "update_64_threads", "get_after_updates_8_threads",
        "beyond_caches_get_1_thread", "beyond_caches_get_8_threads", "beyond_caches_multi_get_100", "beyond_caches_short_scan",
        "beyond_caches_full_scan", "beyond_caches_update_1_thread", "beyond_caches_update_8_threads",
        "beyond_caches_update_64_threads"}) {
      figures.assertPositive(measure + "_treaty", measure + "_rocksdb", measure + "_ratio");
    }
  }

  @Test
  void tellsWhatWasWrittenAndHeldWhereTheKernelCountsIt() {
    if (ProcessIo.isCounted()) {
      figures.assertPositive(
          "load_settled_ratio", "load_write_amplification_treaty", "update_8_threads_write_amplification_rocksdb",
          "memory_resident_treaty", "memory_resident_rocksdb", "memory_resident_without_engine", "memory_resident_peak_ratio");
    }
    figures.assertPositive("memory_heap_treaty", "memory_heap_without_engine");
  }

  @Test
  void saysHowTheSidesAreSetUp() {
    String text = String.join("\n", figures.lines());
    assertTrue(text.contains("RocksDB: block cache 33 MiB"), text);
    assertTrue(text.contains("Treaty: cache of opened leaves 1 MiB, of sealed blocks 32 MiB"), text);
    assertTrue(text.contains("RocksDB: block cache 40 MiB"), text);
  }
}
