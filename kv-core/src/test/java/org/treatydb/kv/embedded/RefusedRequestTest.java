package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;

/** Requests that cannot be served get the right error, change nothing, and the transaction goes on. */
class RefusedRequestTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = new TemporaryStore(directory).open();
    put(store, "key", "value");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static void assertRefused(ErrorCode code, Executable request) {
    assertEquals(code, assertThrows(KvException.class, request).code());
  }

  @Test
  void tooLongKeysAndValuesAreRefusedAndTheTransactionGoesOn() {
    try (KvTransaction transaction = store.begin()) {
      byte[] longKey = new byte[KvStore.KEY_BYTES_MAX + 1];
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.put(longKey, bytes("x")));
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.get(longKey));
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.getForUpdate(longKey));
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.delete(longKey));
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.multiGet(List.of(bytes("key"), longKey)));
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.put(bytes("x"), new byte[KvStore.VALUE_BYTES_MAX + 1]));
      transaction.put(bytes("key"), bytes("newer"));
      transaction.commit();
    }
    assertEquals("newer", get(store, "key"));
  }

  @Test
  void theLongestKeyAndValueAreStored() {
    byte[] key = new byte[KvStore.KEY_BYTES_MAX];
    byte[] value = new byte[KvStore.VALUE_BYTES_MAX];
    value[value.length - 1] = 7;
    store.run(transaction -> {
      transaction.put(key, value);
      transaction.put(new byte[0], new byte[0]);
      return null;
    });
    store.close();
    store = new TemporaryStore(directory).open();
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      assertEquals(7, snapshot.get(key)[value.length - 1]);
      assertEquals(0, snapshot.get(new byte[0]).length);
    }
  }

  @Test
  void aTransactionThatWritesTooMuchIsToldAndCanGoOnWithLess() {
    try (KvTransaction transaction = store.begin()) {
      byte[] value = new byte[KvStore.VALUE_BYTES_MAX - 1000];
      for (int i = 0; i < 4; i++) {
        transaction.put(bytes("big" + i), value);
      }
      assertRefused(ErrorCode.LIMIT_EXCEEDED, () -> transaction.put(bytes("big4"), value));
      transaction.put(bytes("big0"), value);
      transaction.put(bytes("small"), bytes("fits"));
      transaction.commit();
    }
    assertEquals("fits", get(store, "small"));
    assertNull(get(store, "big4"));
  }

  @Test
  void readOnlyTransactionsRefuseWrites() {
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      assertRefused(ErrorCode.READ_ONLY_TRANSACTION, () -> transaction.put(bytes("key"), bytes("x")));
      assertRefused(ErrorCode.READ_ONLY_TRANSACTION, () -> transaction.delete(bytes("key")));
      assertRefused(ErrorCode.READ_ONLY_TRANSACTION, () -> transaction.getForUpdate(bytes("key")));
      assertRefused(ErrorCode.READ_ONLY_TRANSACTION, () -> transaction.scan(KeyRange.ALL, ScanOptions.FORWARD.withForUpdate()));
      assertEquals("value", TemporaryStore.text(transaction.get(bytes("key"))));
    }
    assertEquals("value", get(store, "key"));
  }

  @Test
  void anEndedTransactionDoesNothingMore() {
    for (TransactionOptions options : List.of(TransactionOptions.READ_WRITE, TransactionOptions.READ_ONLY)) {
      KvTransaction transaction = store.begin(options);
      KvCursor cursor = transaction.scan(KeyRange.ALL);
      cursor.next();
      transaction.commit();
      assertRefused(ErrorCode.TRANSACTION_ENDED, () -> transaction.get(bytes("key")));
      assertRefused(ErrorCode.TRANSACTION_ENDED, () -> transaction.put(bytes("key"), bytes("x")));
      assertRefused(ErrorCode.TRANSACTION_ENDED, () -> transaction.delete(bytes("key")));
      assertRefused(ErrorCode.TRANSACTION_ENDED, () -> transaction.scan(KeyRange.ALL));
      assertRefused(ErrorCode.TRANSACTION_ENDED, transaction::savepoint);
      assertRefused(ErrorCode.TRANSACTION_ENDED, transaction::commit);
      assertRefused(ErrorCode.TRANSACTION_ENDED, cursor::next);
      assertRefused(ErrorCode.TRANSACTION_ENDED, cursor::key);
      assertRefused(ErrorCode.TRANSACTION_ENDED, cursor::value);
      transaction.rollback();
      transaction.close();
      cursor.close();
    }
    assertEquals("value", get(store, "key"));
  }

  @Test
  void aSavepointBelongsToItsTransaction() {
    try (KvTransaction one = store.begin(); KvTransaction other = store.begin();
        KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
      KvTransaction.Savepoint foreign = other.savepoint();
      KvTransaction.Savepoint mine = one.savepoint();
      assertRefused(ErrorCode.INVALID_SAVEPOINT, () -> one.rollbackTo(foreign));
      assertRefused(ErrorCode.INVALID_SAVEPOINT, () -> reader.rollbackTo(foreign));
      assertRefused(ErrorCode.INVALID_SAVEPOINT, () -> one.rollbackTo(null));
      KvTransaction.Savepoint later = one.savepoint();
      one.rollbackTo(mine);
      assertRefused(ErrorCode.INVALID_SAVEPOINT, () -> one.rollbackTo(later));
      reader.rollbackTo(reader.savepoint());
      one.put(bytes("key"), bytes("newer"));
      one.commit();
    }
    assertEquals("newer", get(store, "key"));
  }

  @Test
  void anInvertedRangeIsEmpty() {
    KeyRange inverted = new KeyRange(bytes("z"), bytes("a"));
    for (TransactionOptions options : List.of(TransactionOptions.READ_WRITE, TransactionOptions.READ_ONLY)) {
      try (KvTransaction transaction = store.begin(options)) {
        assertEquals(List.of(), TemporaryStore.scan(transaction, inverted, ScanOptions.FORWARD));
        assertEquals(List.of(), TemporaryStore.scan(transaction, inverted, ScanOptions.REVERSE));
      }
    }
  }

  @Test
  void aClosedStoreRefusesEverybodyWhoIsStillThere() {
    for (int i = 0; i < 400; i++) {
      put(store, "row%05d".formatted(i), "x".repeat(300));
    }
    KvTransaction reader = store.begin(TransactionOptions.READ_ONLY);
    KvTransaction writer = store.begin();
    writer.put(bytes("key"), bytes("lost"));
    KvCursor cursor = reader.scan(KeyRange.ALL);
    cursor.next();
    store.close();
    assertRefused(ErrorCode.STORE_CLOSED, store::begin);
    assertRefused(ErrorCode.STORE_CLOSING, () -> reader.get(bytes("row00001")));
    assertRefused(ErrorCode.STORE_CLOSING, cursor::next);
    assertRefused(ErrorCode.STORE_CLOSING, writer::commit);
    cursor.close();
    reader.close();
    writer.close();
    store.close();
    store = new TemporaryStore(directory).open();
    assertEquals("value", get(store, "key"));
    assertEquals("x".repeat(300), get(store, "row00399"));
  }
}
