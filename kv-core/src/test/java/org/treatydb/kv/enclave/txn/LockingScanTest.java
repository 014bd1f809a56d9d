package org.treatydb.kv.enclave.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;

/** How far a pessimistic transaction's scan locks, and what it sees. The store holds every second of the numbers below a thousand. */
@Timeout(60)
class LockingScanTest {

  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(5));
  private static final int NUMBERS = 1_000;

  private final EmbeddedStore store = EmbeddedStore.openInMemory();

  @BeforeEach
  void fill() {
    store.run(transaction -> {
      for (int i = 0; i < NUMBERS; i += 2) {
        transaction.put(key(i), key(i));
      }
      return null;
    });
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static byte[] key(int number) {
    return "%05d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  private static int number(byte[] key) {
    return Integer.parseInt(new String(key, StandardCharsets.US_ASCII));
  }

  private static void walk(KvCursor cursor, int steps) {
    for (int i = 0; i < steps; i++) {
      assertTrue(cursor.next());
    }
  }

  private boolean canWrite(int number) {
    try (KvTransaction writer = store.begin(IMPATIENT)) {
      writer.put(key(number), key(number));
      writer.rollback();
      return true;
    } catch (KvException.Retryable e) {
      return false;
    }
  }

  private boolean canRead(int number) {
    try (KvTransaction reader = store.begin(IMPATIENT)) {
      reader.get(key(number));
      return true;
    } catch (KvException.Retryable e) {
      return false;
    }
  }

  @Test
  void theFirstRowLocksFewThatFollowAndNoMore() {
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(KeyRange.ALL, ScanOptions.FORWARD.withForUpdate())) {
      assertTrue(canWrite(0), "nothing is locked before the first step");
      walk(cursor, 1);
      assertFalse(canRead(0));
      assertFalse(canWrite(1), "a phantom");
      assertFalse(canRead(30));
      assertTrue(canWrite(31));
      assertTrue(canWrite(32));
    }
  }

  @Test
  void theFirstRowFromTheEndLocksFewBeforeIt() {
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(KeyRange.ALL, ScanOptions.REVERSE)) {
      walk(cursor, 1);
      assertFalse(canWrite(NUMBERS), "a phantom behind the last");
      assertFalse(canWrite(NUMBERS - 32));
      assertTrue(canWrite(NUMBERS - 33));
      assertTrue(canRead(NUMBERS - 2));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWalksFurtherLocksMoreAndThenTheRest(boolean reverse) {
    try (KvTransaction transaction = store.begin();
        KvCursor cursor = transaction.scan(KeyRange.ALL, reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)) {
      walk(cursor, 17);
      int last = reverse ? NUMBERS - 2 * (16 + 256) : 2 * (16 + 256) - 2;
      assertFalse(canWrite(last));
      assertTrue(canWrite(last + (reverse ? -1 : 1)));
      walk(cursor, 256);
      assertFalse(canWrite(reverse ? 0 : NUMBERS + 7));
      walk(cursor, NUMBERS / 2 - 17 - 256);
      assertFalse(cursor.next());
      assertFalse(cursor.next());
      assertEquals(1, store.locks().holders().getFirst().ranges(), "pieces that touch are one lock");
    }
  }

  @Test
  void aRangeOfFewRowsIsLockedAtOnce() {
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(new KeyRange(key(100), key(120)))) {
      walk(cursor, 1);
      assertFalse(canWrite(119));
      assertTrue(canWrite(120));
      walk(cursor, 9);
      assertFalse(cursor.next());
      assertEquals(1, store.locks().holders().getFirst().ranges());
    }
    try (KvTransaction transaction = store.begin(); KvCursor cursor = transaction.scan(new KeyRange(key(9), key(9)))) {
      assertFalse(cursor.next());
      assertEquals(List.of(), store.locks().holders());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void seesWhatOthersHaveCommittedWhereItHasNotBeen(boolean reverse) {
    try (KvTransaction transaction = store.begin();
        KvCursor cursor = transaction.scan(KeyRange.ALL, reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)) {
      walk(cursor, 1);
      store.run(other -> {
        other.put(key(501), key(501));
        other.delete(key(502));
        return null;
      });
      boolean seen = false;
      while (cursor.next()) {
        seen |= number(cursor.key()) == 501;
        assertTrue(number(cursor.key()) != 502);
      }
      assertTrue(seen);
    }
  }

  /** As an UPDATE does that moves rows ahead of its own scan. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void doesNotSeeWhatItsTransactionWritesOnTheWay(boolean reverse) {
    try (KvTransaction transaction = store.begin()) {
      transaction.put(key(501), key(1));
      transaction.delete(key(502));
      int rows = 0;
      try (KvCursor cursor = transaction.scan(KeyRange.ALL, reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)) {
        while (cursor.next()) {
          int number = number(cursor.key());
          assertTrue(number % 2 == 0 || number == 501, () -> "row " + number);
          rows++;
          transaction.delete(cursor.key());
          transaction.put(key(number + (reverse ? -301 : 301) + NUMBERS), key(number));
          transaction.put(key(Math.floorMod(number + (reverse ? -101 : 101), NUMBERS)), key(2));
        }
      }
      assertEquals(NUMBERS / 2, rows);
    }
  }

  @Test
  void aLockThatIsRefusedOnTheWayEndsTheTransaction() {
    try (KvTransaction holder = store.begin(); KvTransaction transaction = store.begin(IMPATIENT)) {
      holder.put(key(501), key(501));
      KvCursor cursor = transaction.scan(KeyRange.ALL);
      walk(cursor, 16);
      assertThrows(KvException.Retryable.class, cursor::next);
      assertThrows(KvException.Closed.class, cursor::next);
      assertThrows(KvException.Closed.class, () -> transaction.get(key(0)));
      assertEquals(1, store.locks().holders().size());
    }
  }
}
