package org.treatydb.dist.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Money that moves between accounts on three nodes. Each transfer leaves a receipt on every node it writes to, which names all of them.
 */
final class ClusterTransfers {

  static final ShardMap SHARDS =
      new ShardMap(1, List.of(new Shard(new byte[0], 1), new Shard(new byte[] {2}, 2), new Shard(new byte[] {3}, 3)));

  private static final int ACCOUNTS = 4;
  private static final long START_BALANCE = 1000;
  static final long TOTAL = 3 * ACCOUNTS * START_BALANCE;

  private static final TransactionOptions OPTIONS = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofSeconds(3));

  private ClusterTransfers() {}

  /** Opens the accounts. */
  static void prepare(KvStore store) {
    store.run(transaction -> {
      for (int node = 1; node <= 3; node++) {
        for (int i = 0; i < ACCOUNTS; i++) {
          transaction.put(key(node, 'a', String.valueOf(i)), bytes(START_BALANCE));
        }
      }
      return null;
    });
  }

  /** One transfer, once: over all nodes, on one, or on one after a look at the others; whether it was committed, or given up. */
  static boolean step(KvStore store, String id, Random random) {
    List<Integer> nodes = new ArrayList<>(List.of(1, 2, 3));
    Collections.shuffle(nodes, random);
    int kind = random.nextInt(10);
    List<Integer> written = kind < 6 ? nodes : nodes.subList(0, 1);
    try (KvTransaction transaction = store.begin(OPTIONS)) {
      if (kind == 6) {
        nodes.forEach(node -> transaction.get(key(node, 'a', "0")));
      }
      long amount = random.nextInt(20);
      add(transaction, written.getFirst(), random, -amount);
      add(transaction, written.getLast(), random, amount);
      written.forEach(node -> transaction.put(key(node, 'r', id), names(written).getBytes(StandardCharsets.US_ASCII)));
      if (kind == 0) {
        return false;
      }
      transaction.commit();
      return true;
    }
  }

  private static void add(KvTransaction transaction, int node, Random random, long amount) {
    byte[] account = key(node, 'a', String.valueOf(random.nextInt(ACCOUNTS)));
    transaction.put(account, bytes(ByteBuffer.wrap(transaction.getForUpdate(account)).getLong() + amount));
  }

  private static String names(List<Integer> nodes) {
    return nodes.stream().sorted().map(String::valueOf).reduce("", String::concat);
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static byte[] key(int node, char kind, String name) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(node);
    key.write(kind);
    key.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    return key.toByteArray();
  }

  /** Some of the keys of one of the three. */
  static KeyRange someRange(Random random) {
    byte first = (byte) (1 + random.nextInt(3));
    return random.nextBoolean()
        ? new KeyRange(new byte[] {first}, new byte[] {(byte) (first + 1)})
        : new KeyRange(key(first, 'a', "1"), key(first, 'a', "3"));
  }

  /** The total, then of each receipt its id, the nodes it is on, and those it should be on: {@code 12000 id=12/123}. */
  static String state(KvStore store) {
    return store.run(TransactionOptions.READ_ONLY, transaction -> {
      long total = 0;
      Map<String, String> receipts = new TreeMap<>();
      try (KvCursor rows = transaction.scan(KeyRange.ALL)) {
        while (rows.next()) {
          byte[] key = rows.key();
          if (key[1] == 'a') {
            total += ByteBuffer.wrap(rows.value()).getLong();
          } else {
            String id = new String(key, 2, key.length - 2, StandardCharsets.US_ASCII);
            String wanted = new String(rows.value(), StandardCharsets.US_ASCII);
            receipts.merge(id, key[0] + "/" + wanted, (before, now) -> before.replace("/", now.replace("/" + wanted, "/")));
          }
        }
      }
      return total + receipts.toString().replaceAll("[{},]", " ");
    });
  }

  /** Locks every key and every gap on all nodes and deletes the receipts, all in one transaction. */
  static void lockAllAndDeleteReceipts(KvStore store, Duration lockTimeout) {
    store.run(TransactionOptions.READ_WRITE.withLockTimeout(lockTimeout), transaction -> {
      List<byte[]> receipts = new ArrayList<>();
      try (KvCursor rows = transaction.scan(KeyRange.ALL, ScanOptions.FORWARD.withForUpdate())) {
        while (rows.next()) {
          if (rows.key()[1] == 'r') {
            receipts.add(rows.key());
          } else {
            transaction.put(rows.key(), rows.value());
          }
        }
      }
      receipts.forEach(transaction::delete);
      return null;
    });
  }
}
