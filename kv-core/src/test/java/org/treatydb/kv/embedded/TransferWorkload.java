package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/**
 * Transactions that leave traces of which one can tell, after a crash, whether each happened wholly or not at all: money
 * that moves between accounts, and for each writer a numbered row on the left, its twin on the right, and the number of
 * the last.
 */
final class TransferWorkload {

  static final int WRITERS = 4;

  private static final int ACCOUNTS = 12;
  private static final int START_BALANCE = 1000;

  private TransferWorkload() {}

  /** Opens the accounts, once. */
  static void prepare(KvStore store) {
    store.run(transaction -> {
      boolean open = transaction.get(account(0)) != null;
      for (int i = 0; i < ACCOUNTS && !open; i++) {
        transaction.put(account(i), bytes(String.valueOf(START_BALANCE)));
      }
      return open;
    });
  }

  /** One transaction of {@code writer}; returns its number. */
  static int step(KvStore store, int writer, Random random) {
    return store.run(transaction -> {
      int from = random.nextInt(ACCOUNTS);
      int to = random.nextInt(ACCOUNTS);
      int amount = random.nextInt(50);
      add(transaction, from, -amount);
      add(transaction, to, amount);
      int number = number(transaction, writer) + 1;
      String padding = "p".repeat(random.nextInt(400));
      transaction.put(row("left", writer, number), bytes(number + padding));
      transaction.put(row("right", writer, number), bytes(number + padding));
      transaction.put(bytes("last/" + writer), bytes(String.valueOf(number)));
      return number;
    });
  }

  private static void add(KvTransaction transaction, int account, int amount) {
    int before = Integer.parseInt(text(transaction.getForUpdate(account(account))));
    transaction.put(account(account), bytes(String.valueOf(before + amount)));
  }

  private static int number(KvTransaction transaction, int writer) {
    byte[] last = transaction.getForUpdate(bytes("last/" + writer));
    return last == null ? 0 : Integer.parseInt(text(last));
  }

  private static byte[] account(int i) {
    return bytes("account/%02d".formatted(i));
  }

  private static byte[] row(String side, int writer, int number) {
    return bytes("%s/%d/%06d".formatted(side, writer, number));
  }

  /** Checks that no transaction is there by halves, and that of each writer all are there up to the acknowledged one. */
  static void check(KvStore store, int[] acknowledged) {
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      List<String> accounts = TemporaryStore.scan(snapshot, KeyRange.prefix(bytes("account/")), ScanOptions.FORWARD);
      if (accounts.isEmpty()) {
        assertEquals(0, acknowledged[0], "the accounts are gone");
        return;
      }
      int sum = accounts.stream().mapToInt(entry -> Integer.parseInt(entry.substring(entry.indexOf('=') + 1))).sum();
      assertEquals(ACCOUNTS * START_BALANCE, sum, "money came or went");
      for (int writer = 0; writer < WRITERS; writer++) {
        byte[] last = snapshot.get(bytes("last/" + writer));
        int number = last == null ? 0 : Integer.parseInt(text(last));
        assertTrue(number >= acknowledged[writer],
            "of writer " + writer + " transaction " + acknowledged[writer] + " was acknowledged, " + number + " is the last there");
        assertEquals(numbered(number), rows(snapshot, "left", writer));
        assertEquals(numbered(number), rows(snapshot, "right", writer));
      }
    }
  }

  private static List<Integer> numbered(int last) {
    List<Integer> all = new ArrayList<>();
    for (int i = 1; i <= last; i++) {
      all.add(i);
    }
    return all;
  }

  private static List<Integer> rows(KvTransaction snapshot, String side, int writer) {
    return TemporaryStore.scan(snapshot, KeyRange.prefix(bytes(side + "/" + writer + "/")), ScanOptions.FORWARD).stream()
        .map(entry -> Integer.parseInt(entry.substring(entry.indexOf('=') + 1).replace("p", "")))
        .toList();
  }
}
