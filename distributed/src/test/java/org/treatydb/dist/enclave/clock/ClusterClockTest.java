package org.treatydb.dist.enclave.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

class ClusterClockTest {

  private static Stream<byte[]> clocks() {
    return Stream.of(ClusterClock.encode(0), ClusterClock.encode(1_790_000_000_000L << 16));
  }

  @MethodSource("clocks")
  @FuzzTest
  void clocks(byte[] bytes) {
    DecoderContract.of(ClusterClock::decode).writtenOnlyBy(ClusterClock::encode).check(bytes);
  }

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
