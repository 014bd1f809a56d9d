package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;

class SavepointReleaseTest {

  @Test
  void aReleasedSavepointIsGoneAndTheWritesStay() {
    try (KvStore store = EmbeddedStore.openInMemory(); KvTransaction transaction = store.begin()) {
      KvTransaction.Savepoint outer = transaction.savepoint();
      transaction.put(bytes("a"), bytes("1"));
      KvTransaction.Savepoint inner = transaction.savepoint();
      transaction.put(bytes("a"), bytes("2"));
      transaction.release(inner);
      assertEquals("2", text(transaction.get(bytes("a"))));
      assertEquals(ErrorCode.INVALID_SAVEPOINT, assertThrows(KvException.class, () -> transaction.rollbackTo(inner)).code());
      transaction.rollbackTo(outer);
      assertEquals(null, text(transaction.get(bytes("a"))));
      transaction.release(outer);
      assertEquals(ErrorCode.INVALID_SAVEPOINT, assertThrows(KvException.class, () -> transaction.release(outer)).code());
    }
  }

  @Test
  void releasingForgetsTheSavepointsSetAfterIt() {
    try (KvStore store = EmbeddedStore.openInMemory(); KvTransaction transaction = store.begin()) {
      KvTransaction.Savepoint outer = transaction.savepoint();
      KvTransaction.Savepoint inner = transaction.savepoint();
      transaction.release(outer);
      assertThrows(KvException.InvalidRequest.class, () -> transaction.rollbackTo(inner));
    }
  }
}
