package org.treatydb.kv.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.host.memory.MemoryCounter;

/** What every trusted counter refuses. */
class TrustedCounterStateTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final StoreId OTHER = new StoreId("sixteen bytes id".getBytes(StandardCharsets.US_ASCII));
  private static final State NEW = State.registered(Optional.empty(), STORE);
  private static final State USED = NEW.bound(0).confirmed(1, LogName.WAL, head(5));

  private static LogHead head(long counter) {
    byte[] digest = new byte[LogHead.DIGEST_BYTES];
    Arrays.fill(digest, (byte) counter);
    return new LogHead(counter, digest);
  }

  private static void assertRefused(ErrorCode code, Executable transition) {
    assertEquals(code, assertThrows(KvException.IntegrityViolation.class, transition).code());
  }

  @Test
  void aNewStoreHasConfirmedNothing() {
    assertEquals(new State(STORE, 0, Map.of()), NEW);
    assertEquals(new State(OTHER, 0, Map.of()), State.registered(Optional.of(NEW.bound(0)), OTHER), "the first was never used");
  }

  @Test
  void aStoreInUseIsNotReplacedNotEvenByItself() {
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> State.registered(Optional.of(USED), OTHER));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> State.registered(Optional.of(USED), STORE));
  }

  @Test
  void anEpochIsBoundOnceAndOnlyBehindThePresentOne() {
    assertEquals(new State(STORE, 2, USED.heads()), USED.bound(1));
    for (long other : new long[] {-1, 0, 2, Long.MAX_VALUE}) {
      assertRefused(ErrorCode.FENCED, () -> USED.bound(other));
    }
  }

  @Test
  void onlyTheHolderOfThePresentEpochConfirms() {
    for (long other : new long[] {-1, 0, 2, Long.MAX_VALUE}) {
      assertRefused(ErrorCode.FENCED, () -> USED.confirmed(other, LogName.WAL, head(6)));
    }
  }

  @Test
  void aLogOnlyGoesForwardWhateverTheOthersDo() {
    assertRefused(ErrorCode.FENCED, () -> USED.confirmed(1, LogName.WAL, head(4)));
    assertRefused(ErrorCode.FENCED, () -> USED.confirmed(1, LogName.WAL, head(5)));
    assertRefused(ErrorCode.FENCED, () -> USED.confirmed(1, LogName.WAL, new LogHead(5, head(7).digest())));
    assertEquals(
        new State(STORE, 1, Map.of(LogName.WAL, head(6), LogName.MANIFEST, head(1))),
        USED.confirmed(1, LogName.MANIFEST, head(1)).confirmed(1, LogName.WAL, head(6)));
  }

  @Test
  void whereNoStoreIsRegisteredNothingIsBoundOrConfirmed() {
    try (MemoryCounter counter = new MemoryCounter()) {
      assertRefused(ErrorCode.FENCED, () -> counter.bindEpoch(0));
      assertRefused(ErrorCode.FENCED, () -> counter.confirm(0, LogName.WAL, head(1)));
      assertEquals(Optional.empty(), counter.read());
    }
  }

  @Test
  void memoryKeepsTheRulesToo() {
    try (MemoryCounter counter = new MemoryCounter()) {
      counter.register(STORE);
      assertEquals(1, counter.bindEpoch(0));
      counter.confirm(1, LogName.WAL, head(5));
      assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> counter.register(OTHER));
      assertRefused(ErrorCode.FENCED, () -> counter.bindEpoch(0));
      assertRefused(ErrorCode.FENCED, () -> counter.confirm(1, LogName.WAL, head(5)));
      assertEquals(Optional.of(USED), counter.read());
    }
  }
}
