package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Runs random transactions on keys of its own, and knows what they must have left behind: what was acknowledged, and,
 * all or nothing, the one whose outcome is unknown. Not thread-safe.
 */
final class Writer {

  private static final int KEYS = 60;
  private static final int VALUE_BYTES_MAX = 250;

  private final String prefix;
  private final Random random;
  private NavigableMap<String, String> acknowledged = new TreeMap<>();
  /** What the keys hold if the transaction whose outcome is unknown was committed; null if there is none. */
  private NavigableMap<String, String> attempted;

  Writer(int number, long seed) {
    this.prefix = "writer" + number + "/";
    this.random = new Random(seed);
  }

  boolean owns(String key) {
    return key.startsWith(prefix);
  }

  /** Works until the store fails. Only what the API allows a store that lost its disk may be thrown by it. */
  void work(KvStore store, int transactions) {
    try {
      for (int i = 0; i < transactions && attempted == null; i++) {
        switch (random.nextInt(10)) {
          case 0 -> read(store);
          case 1 -> transact(store, false);
          default -> transact(store, true);
        }
      }
    } catch (KvException.Unavailable e) {
      // The store has failed. What was not yet acknowledged and not unknown has not happened.
    }
  }

  private void read(KvStore store) {
    String key = key();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      assertEquals(acknowledged.get(key), text(transaction.get(bytes(key))));
    }
  }

  /** Several keys get one value, some are deleted. */
  private void transact(KvStore store, boolean commit) {
    NavigableMap<String, String> next = new TreeMap<>(acknowledged);
    String value = Long.toHexString(random.nextLong()) + "v".repeat(random.nextInt(VALUE_BYTES_MAX));
    try (KvTransaction transaction = store.begin()) {
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        String key = key();
        if (random.nextInt(4) == 0) {
          transaction.delete(bytes(key));
          next.remove(key);
        } else {
          transaction.put(bytes(key), bytes(value));
          next.put(key, value);
        }
      }
      if (commit) {
        transaction.commit();
        acknowledged = next;
      }
    } catch (KvException.UnknownOutcome e) {
      attempted = next;
    }
  }

  private String key() {
    return prefix + random.nextInt(KEYS);
  }

  /** The store holds exactly {@code found} under this writer's keys. */
  void check(NavigableMap<String, String> found) {
    if (attempted == null || !attempted.equals(found)) {
      assertEquals(acknowledged, found, attempted == null ? "what was acknowledged" : "of the unknown transaction all or nothing");
    }
    acknowledged = new TreeMap<>(found);
    attempted = null;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
