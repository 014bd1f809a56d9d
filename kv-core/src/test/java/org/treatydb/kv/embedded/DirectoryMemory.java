package org.treatydb.kv.embedded;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;

/**
 * Measures what the directory costs: loads rows of 116 bytes in random order, opens the store again, and compares the
 * heap with that of an empty store. Arguments: a new directory, millions of rows. For decision record 008.
 */
final class DirectoryMemory {

  private static final int ROW_BYTES = 116;
  private static final int KEY_BYTES = 16;
  private static final int ROWS_PER_COMMIT = 1000;

  private DirectoryMemory() {}

  public static void main(String[] arguments) throws Exception {
    Path root = Files.createDirectories(Path.of(arguments[0]));
    TemporaryStore full = new TemporaryStore(root.resolve("full"));
    TemporaryStore empty = new TemporaryStore(root.resolve("empty"));
    long rows = (long) (1_000_000 * Double.parseDouble(arguments[1]));
    load(full, rows);
    load(empty, 0);
    StoreSummary summary = StoreVerification.verify(full.data, full.options(), Progress.NONE);
    long heapBytes = heapWith(full) - heapWith(empty);
    double gigabytes = rows * (double) ROW_BYTES / 1e9;
    System.out.printf("%.2f GB in %d leaves: %d bytes of heap a leaf, %.1f MB a GB of rows; %.2f GB sealed%n",
        gigabytes, summary.leaves(), heapBytes / summary.leaves(), heapBytes / 1e6 / gigabytes, summary.leafBytes() / 1e9);
  }

  private static void load(TemporaryStore place, long rows) {
    Random random = new Random(1);
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options())) {
      for (long row = 0; row < rows; row += ROWS_PER_COMMIT) {
        try (KvTransaction transaction = store.begin()) {
          for (int i = 0; i < ROWS_PER_COMMIT; i++) {
            byte[] value = new byte[ROW_BYTES - KEY_BYTES];
            random.nextBytes(value);
            transaction.put(ByteBuffer.allocate(KEY_BYTES).putLong(random.nextLong()).putLong(row + i).array(), value);
          }
          transaction.commit();
        }
      }
    }
  }

  private static long heapWith(TemporaryStore place) {
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options())) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
      }
      store.begin().rollback();
      return least;
    }
  }
}
