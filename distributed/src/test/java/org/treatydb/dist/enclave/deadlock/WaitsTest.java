package org.treatydb.dist.enclave.deadlock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.TransactionId;

/** Deadlocks among what several nodes tell. */
class WaitsTest {

  private static final TransactionId OLD = new TransactionId(1, 1, 1);
  private static final TransactionId MIDDLE = new TransactionId(2, 1, 5);
  private static final TransactionId YOUNG = new TransactionId(3, 1, 9);

  @Test
  void theYoungestOfACircleGivesWayWhoeverLooks() {
    Waits waits = new Waits();
    waits.add(OLD, Set.of(MIDDLE));
    waits.add(MIDDLE, Set.of(YOUNG));
    waits.add(YOUNG, Set.of(OLD));
    for (TransactionId each : Set.of(OLD, MIDDLE, YOUNG)) {
      assertEquals(Optional.of(YOUNG), waits.victim(each));
    }
  }

  @Test
  void whoWaitsForACircleAndIsNotInItGoesOnWaiting() {
    Waits waits = new Waits();
    waits.add(OLD, Set.of(MIDDLE));
    waits.add(MIDDLE, Set.of(OLD));
    waits.add(YOUNG, Set.of(OLD, MIDDLE));
    assertEquals(Optional.empty(), waits.victim(YOUNG));
    assertEquals(Optional.of(MIDDLE), waits.victim(OLD));
  }

  @Test
  void aChainIsNoCircle() {
    Waits waits = new Waits();
    waits.add(OLD, Set.of(MIDDLE));
    waits.add(MIDDLE, Set.of(YOUNG));
    assertEquals(Optional.empty(), waits.victim(OLD));
  }

  @Test
  void whoWaitsIsWrittenAndReadAsEver() {
    byte[] bytes = WaitsCodec.encode(Map.of(OLD, Set.of(MIDDLE)));
    assertEquals(Map.of(OLD, Set.of(MIDDLE)), WaitsCodec.decode(GoldenFile.check("waits", bytes)));
  }

  private static Stream<byte[]> waits() {
    return Stream.of(WaitsCodec.encode(Map.of(OLD, Set.of(MIDDLE))), WaitsCodec.encode(Map.of()));
  }

  @MethodSource("waits")
  @FuzzTest
  void waits(byte[] bytes) {
    DecoderContract.of(WaitsCodec::decode).writtenBy(WaitsCodec::encode).check(bytes);
  }
}
