package org.treatydb.kv.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;

/**
 * The child process of {@link MemoryBoundTest}: loads rows in random order into a store with the least memory there can
 * be, reading between the commits, then reads all of them, and says how many there are.
 */
final class BoundedLoader {

  private static final int ROWS_PER_COMMIT = 500;
  private static final int VALUE_BYTES = 100;

  private BoundedLoader() {}

  public static void main(String[] arguments) {
    TemporaryStore place = new TemporaryStore(Path.of(arguments[0]));
    int commits = Integer.parseInt(arguments[1]);
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options().withMemoryBytes(StoreMemory.BYTES_MIN))) {
      Random random = new Random(3);
      for (int commit = 0; commit < commits; commit++) {
        int number = commit;
        store.run(transaction -> {
          transaction.get(key(random.nextInt(number + 1), random.nextInt(ROWS_PER_COMMIT)));
          for (int i = 0; i < ROWS_PER_COMMIT; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            transaction.put(key(number, i), value);
          }
          return null;
        });
      }
      say("rows " + count(store));
    } catch (Throwable e) {
      say(e.toString());
      throw e;
    }
  }

  /** Keys that follow one another in no order. */
  private static byte[] key(int commit, int row) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong((commit * 31L + row) * 0x9e3779b97f4a7c15L).putInt(commit).putInt(row).array();
  }

  private static long count(EmbeddedStore store) {
    long rows = 0;
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      byte[] before = new byte[0];
      while (cursor.next()) {
        if (cursor.value().length != VALUE_BYTES || Arrays.compareUnsigned(before, cursor.key()) >= 0) {
          throw new AssertionError("a wrong row");
        }
        before = cursor.key();
        rows++;
      }
    }
    return rows;
  }

  private static void say(String line) {
    System.out.writeBytes((line + "\n").getBytes(StandardCharsets.US_ASCII));
    System.out.flush();
  }
}
