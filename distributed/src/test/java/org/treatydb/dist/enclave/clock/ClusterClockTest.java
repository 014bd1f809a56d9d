package org.treatydb.dist.enclave.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

class ClusterClockTest {

  @Test
  void everyoneWhoSharesARoundIsToldOfItsFailure() {
    assertEquals(7L, ClusterClock.await(CompletableFuture.completedFuture(7L)));
    KvException.Retryable failure = new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "no majority");
    KvException told =
        assertThrows(KvException.Retryable.class, () -> ClusterClock.await(CompletableFuture.failedFuture(failure)));
    assertNotSame(failure, told, "an exception is thrown by one thread");
    assertEquals(ErrorCode.NODE_UNREACHABLE, told.code());
    IllegalStateException defect = new IllegalStateException("a defect");
    assertSame(defect,
        assertThrows(CompletionException.class, () -> ClusterClock.await(CompletableFuture.failedFuture(defect))).getCause());
  }
}
