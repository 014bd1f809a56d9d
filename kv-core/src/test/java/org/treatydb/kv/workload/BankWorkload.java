package org.treatydb.kv.workload;

import java.util.Random;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;

/**
 * Transfers between accounts. An account lies in one of two places far apart, and changes its place at each transfer, so that scans of the
 * bank meet deletes and inserts. Whoever sees all accounts sees each once, and all the money there is. Each transfer leaves a receipt,
 * which is what the history is made of; in the end the receipts must explain every balance.
 */
final class BankWorkload implements Workload {

  private static final int ACCOUNTS = 8;
  private static final int START_BALANCE = 100;

  private final HistoryRecorder recorder;
  private final Receipts receipts;

  BankWorkload(HistoryRecorder recorder, int receiptsWritten) {
    this.recorder = recorder;
    this.receipts = new Receipts("receipt", receiptsWritten);
  }

  @Override
  public void prepare(KvStore store) {
    store.run(transaction -> {
      for (int i = 0; i < ACCOUNTS && !isOpen(transaction); i++) {
        transaction.put(account(0, i), Keys.value(START_BALANCE));
      }
      transaction.put(Keys.of("open"), Keys.value(1));
      return null;
    });
  }

  private static boolean isOpen(KvTransaction transaction) {
    return transaction.get(Keys.of("open")) != null;
  }

  private static byte[] account(int place, int i) {
    return Keys.of("bank", place, i);
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    if (random.nextInt(3) > 0) {
      transfer(store, process, random);
    } else {
      audit(store, process, random.nextInt(4));
    }
  }

  private void transfer(KvStore store, int process, Random random) {
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, false, random.nextInt(20) == 0, transaction -> {
      int amount = 1 + random.nextInt(20);
      move(transaction, from, -amount, random.nextBoolean());
      Attempt.letOthersGo(random);
      move(transaction, to, amount, random.nextBoolean());
      receipts.write(transaction, recording, from, to, amount);
    });
  }

  private static void move(KvTransaction transaction, int account, int amount, boolean forUpdate) {
    for (int place = 0; place < 2; place++) {
      byte[] key = account(place, account);
      byte[] balance = forUpdate ? transaction.getForUpdate(key) : transaction.get(key);
      if (balance != null) {
        transaction.delete(key);
        transaction.put(account(1 - place, account), Keys.value(Keys.number(balance) + amount));
        return;
      }
    }
  }

  private void audit(KvStore store, int process, int way) {
    int[] seen = new int[2];
    Outcome outcome = Attempt.run(store, recorder.begin(process), way < 2, false, transaction -> {
      if (way % 2 == 0) {
        scan(transaction, seen);
      } else {
        lookUp(transaction, seen);
      }
    });
    if (outcome == Outcome.COMMITTED && (seen[0] != ACCOUNTS || seen[1] != ACCOUNTS * START_BALANCE)) {
      throw new AssertionError("an audit " + (way < 2 ? "of a snapshot" : "under locks") + (way % 2 == 0 ? " by a scan" : " by keys")
          + " saw " + seen[0] + " accounts with " + seen[1] + ", there are " + ACCOUNTS + " with " + ACCOUNTS * START_BALANCE);
    }
  }

  private static void scan(KvTransaction transaction, int[] seen) {
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("bank")), ScanOptions.FORWARD)) {
      while (rows.next()) {
        seen[0]++;
        seen[1] += Keys.number(rows.value());
      }
    }
  }

  private static void lookUp(KvTransaction transaction, int[] seen) {
    for (int place = 0; place < 2; place++) {
      for (int i = 0; i < ACCOUNTS; i++) {
        byte[] balance = transaction.get(account(place, i));
        if (balance != null) {
          seen[0]++;
          seen[1] += Keys.number(balance);
        }
      }
    }
  }

  @Override
  public void readEverything(KvStore store) {
    audit(store, READER, 0);
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      int[] owed = new int[ACCOUNTS];
      receipts.readAll(transaction, recording, receipt -> {
        owed[Keys.number(receipt, 0)] -= Keys.number(receipt, 2);
        owed[Keys.number(receipt, 1)] += Keys.number(receipt, 2);
      });
      checkBalances(transaction, owed);
    });
  }

  private static void checkBalances(KvTransaction transaction, int[] owed) {
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("bank")))) {
      while (rows.next()) {
        int account = Keys.lastNumber(rows.key());
        int expected = START_BALANCE + owed[account];
        if (Keys.number(rows.value()) != expected) {
          throw new AssertionError(
              "account " + account + " holds " + Keys.number(rows.value()) + ", by the receipts it should hold " + expected);
        }
      }
    }
  }
}
