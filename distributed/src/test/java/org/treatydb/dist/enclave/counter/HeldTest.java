package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.enclave.counter.CounterCluster.OTHER;
import static org.treatydb.dist.enclave.counter.CounterCluster.STORE;
import static org.treatydb.dist.enclave.counter.CounterCluster.head;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;

class HeldTest {

  private static final BootNonce BOOT = new BootNonce(new byte[16]);

  private static Held held(long promised, long headsEpoch, long wal) {
    return new Held(new State(STORE, promised, Map.of(LogName.WAL, head(wal))), headsEpoch, BOOT);
  }

  private static State newest(Held... answers) {
    State forwards = Held.newest(List.of(answers)).orElseThrow().state();
    assertEquals(forwards, Held.newest(List.of(answers).reversed()).orElseThrow().state());
    return forwards;
  }

  private static State wal(long epoch, long counter) {
    return new State(STORE, epoch, Map.of(LogName.WAL, head(counter)));
  }

  @Test
  void recoveryTakesTheNewestHeads() {
    assertEquals(wal(1, 9), newest(held(1, 1, 9), held(1, 1, 7), held(1, 1, 8)));
    Held other = new Held(new State(STORE, 1, Map.of(LogName.CLOG, head(4))), 1, BOOT);
    assertEquals(new State(STORE, 1, Map.of(LogName.CLOG, head(4), LogName.WAL, head(9))), newest(held(1, 1, 9), other));
    assertEquals(Optional.empty(), Held.newest(List.of()));
  }

  @Test
  void aLaterBootsHeadsWinOverWhatAnEarlierOneStoredAndNeverConfirmed() {
    assertEquals(wal(2, 7), newest(held(1, 1, 9), held(2, 2, 7)));
  }

  @Test
  void anEpochPromisedToABootThatStoredNothingHidesNoHeads() {
    assertEquals(wal(2, 9), newest(held(2, 1, 7), held(1, 1, 9)));
  }

  @Test
  void anEpochPromisedByAMemberThatHoldsNoHeadsCounts() {
    assertEquals(wal(2, 9), newest(held(1, 1, 9), new Held(new State(STORE, 2, Map.of()), 1, BOOT)));
    Held elsewhere = new Held(new State(OTHER, 7, Map.of()), 0, BOOT);
    assertEquals(wal(2, 9), newest(held(1, 1, 9), new Held(new State(STORE, 2, Map.of()), 1, BOOT), elsewhere));
  }

  @Test
  void headsThatALaterBootDidNotFindAreNotTheNewest() {
    assertEquals(new State(STORE, 2, Map.of()), newest(held(1, 1, 9), new Held(new State(STORE, 2, Map.of()), 2, BOOT)));
  }

  @Test
  void membersThatContradictEachOtherAreNoticed() {
    Held forged = new Held(new State(STORE, 1, Map.of(LogName.WAL, new LogHead(9, new byte[LogHead.DIGEST_BYTES]))), 1, BOOT);
    assertThrows(KvException.IntegrityViolation.class, () -> Held.newest(List.of(held(1, 1, 9), forged)));
    assertThrows(KvException.IntegrityViolation.class, () -> held(1, 1, 9).stored(forged.state(), BOOT, true));
    Held elsewhere = new Held(new State(OTHER, 1, Map.of(LogName.WAL, head(9))), 1, BOOT);
    assertThrows(KvException.IntegrityViolation.class, () -> Held.newest(List.of(held(1, 1, 9), elsewhere)));
    Held unused = new Held(new State(OTHER, 5, Map.of()), 0, BOOT);
    assertEquals(wal(1, 9), newest(held(1, 1, 9), unused));
  }

  @Test
  void aMemberThatMissedAnEpochPromisesTheNext() {
    assertEquals(4, held(2, 2, 5).promised(held(3, 3, 7), BOOT).state().bootEpoch());
    BootNonce another = new BootNonce("another boot of1".getBytes(StandardCharsets.US_ASCII));
    assertThrows(KvException.IntegrityViolation.class, () -> held(3, 2, 5).promised(held(2, 2, 5), another));
  }

  @Test
  void adoptionIsForDisksThatMissNothing() {
    assertTrue(held(3, 2, 5).allows(wal(2, 5)));
    assertTrue(held(3, 2, 5).allows(wal(2, 6)));
    assertTrue(held(3, 2, 5).allows(wal(3, 4)), "a later boot has begun where nothing more was confirmed");
    assertTrue(held(3, 3, 5).allows(wal(2, 5)), "the later boot has written nothing");
    assertFalse(held(3, 2, 5).allows(wal(2, 4)));
    assertFalse(held(3, 3, 5).allows(wal(2, 6)), "records that the later boot did not take over");
    assertFalse(held(3, 3, 5).allows(wal(2, 4)));
    assertFalse(held(3, 3, 5).allows(new State(OTHER, 9, Map.of(LogName.WAL, head(9)))));
  }
}
