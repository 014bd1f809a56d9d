package org.treatydb.kv.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.history.Anomaly.Kind;

/** The checker passes what is valid, and catches each anomaly that is planted in a valid history, under its right name. */
class StrictSerializabilityTest {

  private static final int X = 1_000_001;
  private static final int Y = 1_000_002;
  private static final int S = -1_000_001;
  private static final int R = -1_000_002;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void historiesThatAreSerializableByConstructionPass(long seed) {
    StrictSerializability.check(GeneratedHistory.of(seed, 3000, 1 + (int) seed * 4, 1 + (int) seed % 5)).assertValid();
  }

  @Test
  void anEmptyHistoryPasses() {
    assertTrue(StrictSerializability.check(new History(List.of())).isValid());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void eachPlantedAnomalyIsCaughtUnderItsName(Kind kind) {
    for (long seed = 1; seed <= 5; seed++) {
      Verdict verdict = StrictSerializability.check(withPlanted(kind, GeneratedHistory.of(seed, 400, 8, 4), (int) seed));
      assertEquals(EnumSet.of(kind), verdict.kinds(), () -> "planted " + kind + ", found " + verdict);
      assertEquals(1, verdict.anomalies().size(), verdict::toString);
    }
  }

  /** The planted transactions come last by their moments, but in the middle by their positions. */
  private static History withPlanted(Kind kind, History valid, int shift) {
    long base = valid.transactions().stream().mapToLong(RecordedTransaction::completed).max().orElseThrow() + shift;
    List<RecordedTransaction> all = new ArrayList<>(valid.transactions());
    for (RecordedTransaction each : planted(kind)) {
      int position = shift * 50 + all.size() - valid.size();
      all.add(position, new RecordedTransaction(
          each.process(), base + each.invoked(), base + each.completed(), each.outcome(), each.operations()));
    }
    return new History(all);
  }

  private static List<RecordedTransaction> planted(Kind kind) {
    return switch (kind) {
      case G0 -> List.of(ok(1, 9, append(X, 1), append(Y, 1)), ok(1, 9, append(X, 2), append(Y, 2)),
          ok(10, 11, read(X, 1, 2), read(Y, 2, 1)));
      case G1A -> List.of(aborted(1, 9, append(X, 1)), ok(1, 9, read(X, 1)));
      case G1B -> List.of(ok(1, 9, append(X, 1), append(X, 2)), ok(1, 9, read(X, 1)));
      case G1C -> List.of(ok(1, 9, append(X, 1), read(Y, 1)), ok(1, 9, append(Y, 1), read(X, 1)));
      case LOST_UPDATE -> List.of(ok(1, 9, read(X), append(X, 1)), ok(1, 9, read(X), append(X, 2)), ok(10, 11, read(X, 2, 1)));
      case G_SINGLE -> List.of(ok(1, 9, append(X, 1), append(Y, 1)), ok(1, 9, read(X), read(Y, 1)), ok(10, 11, read(X, 1)));
      case G2_ITEM -> List.of(ok(1, 9, read(X), append(Y, 1)), ok(1, 9, read(Y), append(X, 1)), ok(10, 11, read(X, 1), read(Y, 1)));
      case G2 -> List.of(ok(1, 9, scan(S), append(R, 1)), ok(1, 9, scan(R), append(S, 1)), ok(10, 11, scan(S, 1), scan(R, 1)));
      case G0_REALTIME -> List.of(ok(1, 2, append(X, 1)), ok(3, 4, append(X, 2)), ok(5, 6, read(X, 2, 1)));
      case G1C_REALTIME -> List.of(ok(1, 2, read(X, 1)), ok(3, 4, append(X, 1)));
      case G_SINGLE_REALTIME -> List.of(ok(1, 2, append(X, 1)), ok(3, 4, read(X)), ok(3, 9, read(X, 1)));
      case G2_REALTIME -> List.of(
          ok(1, 2, append(Y, 1)), ok(3, 9, read(X)), ok(1, 9, append(X, 1)), ok(1, 9, read(X, 1), read(Y)), ok(10, 11, read(Y, 1)));
      case LOST_APPEND -> List.of(ok(1, 2, append(X, 1)), ok(1, 2, append(X, 2)), ok(3, 4, read(X, 2)));
      case DUPLICATE -> List.of(ok(1, 2, append(X, 1)), ok(3, 4, read(X, 1, 1)));
      case INCOMPATIBLE_ORDER -> List.of(
          ok(1, 9, append(X, 1)), ok(1, 9, append(X, 2)), ok(1, 9, append(X, 3)), ok(1, 9, read(X, 1, 2, 3)), ok(1, 9, read(X, 2, 1)));
      case GARBAGE -> List.of(ok(1, 2, read(X, 7)));
      case INTERNAL -> List.of(ok(1, 2, append(X, 1), read(X)));
    };
  }

  private static RecordedTransaction ok(int from, int to, Operation... operations) {
    return new RecordedTransaction(99, from, to, Outcome.COMMITTED, List.of(operations));
  }

  private static RecordedTransaction aborted(int from, int to, Operation... operations) {
    return new RecordedTransaction(99, from, to, Outcome.ABORTED, List.of(operations));
  }

  private static RecordedTransaction unknown(int from, Operation... operations) {
    return unknownUntil(from, RecordedTransaction.NEVER, operations);
  }

  private static RecordedTransaction unknownUntil(int from, long settled, Operation... operations) {
    return new RecordedTransaction(99, from, settled, Outcome.UNKNOWN, List.of(operations));
  }

  private static Operation append(int key, int value) {
    return new Operation.Append(key, value);
  }

  private static Operation read(int key, int... values) {
    return new Operation.Read(key, values);
  }

  private static Operation scan(int key, int... values) {
    return new Operation.Scan(key, values);
  }

  private static Verdict check(RecordedTransaction... transactions) {
    return StrictSerializability.check(new History(List.of(transactions)));
  }

  @Test
  void anUnknownOutcomeMayHaveHappenedOrNot() {
    check(unknown(1, append(X, 1)), ok(3, 4, read(X))).assertValid();
    check(unknown(1, append(X, 1)), ok(3, 4, read(X, 1))).assertValid();
    check(unknown(1, append(X, 1)), ok(3, 4, read(X)), ok(5, 6, read(X, 1))).assertValid();
  }

  @Test
  void anUnknownOutcomeThatWasSeenHappenedAndTakesOthersWithIt() {
    Verdict verdict = check(
        unknown(1, append(X, 1)), unknown(1, read(X, 1), append(Y, 1)), ok(3, 4, read(Y, 1)),
        ok(5, 6, read(X)), ok(7, 8, read(X, 1)));
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), verdict.kinds(), verdict::toString);
  }

  @Test
  void anUnknownOutcomeCannotHappenBeforeItBegan() {
    assertEquals(EnumSet.of(Kind.G1C_REALTIME), check(ok(1, 2, read(X, 1)), unknown(3, append(X, 1))).kinds());
  }

  /** What a crash at moment 5 may leave behind, with transaction 1 to 2 acknowledged and another under way. */
  @Test
  void afterACrashWhatWasUnderWayIsThereOrNotAndStaysSo() {
    RecordedTransaction acknowledged = ok(1, 2, append(X, 1), append(S, 1));
    RecordedTransaction underWay = unknownUntil(3, 5, append(X, 2), append(S, 2));
    check(acknowledged, underWay, ok(6, 7, read(X, 1, 2), scan(S, 2, 1)), ok(8, 9, read(X, 1, 2), append(X, 3))).assertValid();
    check(acknowledged, underWay, ok(6, 7, read(X, 1), scan(S, 1)), ok(8, 9, read(X, 1), append(X, 3))).assertValid();
    check(acknowledged, underWay, ok(6, 7, append(X, 3)), ok(8, 9, read(X, 1, 2, 3))).assertValid();
  }

  @Test
  void anAcknowledgedAppendThatACrashLosesIsCaught() {
    RecordedTransaction acknowledged = ok(1, 2, append(X, 1));
    RecordedTransaction underWay = unknownUntil(3, 5, append(X, 2));
    assertEquals(EnumSet.of(Kind.LOST_APPEND), check(acknowledged, underWay, ok(6, 7, read(X))).kinds());
    assertEquals(EnumSet.of(Kind.LOST_APPEND), check(acknowledged, underWay, ok(6, 7, read(X, 2))).kinds());
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(acknowledged, underWay, ok(2, 4, read(X, 1)), ok(6, 7, read(X))).kinds());
    assertEquals(EnumSet.of(Kind.LOST_APPEND), check(ok(1, 2, append(S, 1)), ok(6, 7, scan(S))).kinds());
  }

  @Test
  void anUnknownOutcomeThatAppearsTwiceIsCaught() {
    assertEquals(EnumSet.of(Kind.DUPLICATE), check(unknownUntil(1, 5, append(X, 1)), ok(6, 7, read(X, 1, 1))).kinds());
    assertEquals(EnumSet.of(Kind.DUPLICATE), check(unknownUntil(1, 5, append(S, 1)), ok(6, 7, scan(S, 1, 1))).kinds());
  }

  @Test
  void anUnknownOutcomeThatAppearsAndLaterVanishesIsCaught() {
    RecordedTransaction underWay = unknownUntil(1, 5, append(X, 1), append(S, 1));
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(underWay, ok(6, 7, read(X, 1)), ok(8, 9, read(X))).kinds());
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(underWay, ok(6, 7, scan(S, 1)), ok(8, 9, scan(S))).kinds());
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(underWay, ok(2, 3, read(X, 1)), ok(6, 7, read(X))).kinds());
  }

  @Test
  void anUnknownOutcomeThatAppearsOnlyLongAfterTheRecoveryIsCaught() {
    RecordedTransaction underWay = unknownUntil(1, 5, append(X, 1), append(S, 1));
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(underWay, ok(6, 7, read(X)), ok(8, 9, read(X, 1))).kinds());
    assertEquals(EnumSet.of(Kind.G_SINGLE_REALTIME), check(underWay, ok(6, 7, scan(S)), ok(8, 9, scan(S, 1))).kinds());
  }

  @Test
  void halfOfAnUnknownOutcomeIsCaught() {
    RecordedTransaction underWay = unknown(1, append(X, 1), append(Y, 1));
    assertEquals(EnumSet.of(Kind.G_SINGLE), check(underWay, ok(6, 7, read(X, 1), read(Y))).kinds());
    RecordedTransaction settled = unknownUntil(1, 5, append(X, 1), append(Y, 1));
    assertEquals(EnumSet.of(Kind.LOST_APPEND), check(settled, ok(6, 7, read(X, 1), read(Y))).kinds());
    assertEquals(EnumSet.of(Kind.LOST_APPEND), check(settled, ok(6, 7, read(X, 1)), ok(6, 7, read(Y))).kinds());
    assertEquals(EnumSet.of(Kind.G1B), check(unknownUntil(1, 5, append(X, 1), append(X, 2)), ok(6, 7, read(X, 1))).kinds());
  }

  @Test
  void readsThatOverlapAWriteMaySeeItOrNot() {
    check(ok(1, 9, append(X, 1)), ok(2, 3, read(X)), ok(4, 5, read(X, 1))).assertValid();
    assertFalse(check(ok(1, 9, append(X, 1)), ok(2, 3, read(X, 1)), ok(4, 5, read(X))).isValid());
  }

  @Test
  void scansOfDifferentSetsOfNewValuesAreIncompatible() {
    Verdict verdict = check(ok(1, 9, append(S, 1)), ok(1, 9, append(S, 2)), ok(1, 9, scan(S, 1)), ok(1, 9, scan(S, 2)));
    assertTrue(verdict.kinds().contains(Kind.INCOMPATIBLE_ORDER), verdict::toString);
  }

  @Test
  void halfOfATransactionInAScanIsTheMiddleOfIt() {
    for (int half : new int[] {1, 2}) {
      assertEquals(EnumSet.of(Kind.G1B), check(ok(1, 9, append(S, 1), append(S, 2)), ok(1, 9, scan(S, half))).kinds());
    }
  }

  @Test
  void theShortestCycleIsReportedInWords() {
    Verdict verdict = StrictSerializability.check(withPlanted(Kind.G_SINGLE, GeneratedHistory.of(9, 400, 8, 4), 1));
    String words = verdict.toString();
    assertEquals(2, verdict.anomalies().getFirst().transactions().size(), words);
    assertTrue(words.contains("T51 → T50 (rw): T51 read " + X + " without 1, which T50 appended"), words);
    assertTrue(words.contains("T50 → T51 (wr): T51 read 1 of " + Y + ", which T50 appended"), words);
  }

  @Test
  void aValueThatTwoTransactionsAppendIsAMistakeOfTheWorkload() {
    assertThrows(IllegalArgumentException.class, () -> check(ok(1, 2, append(X, 1)), ok(3, 4, append(X, 1))));
  }

  /** Takes the last value away from reads that must have seen it, one history for each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aReadThatMissesWhatWasAcknowledgedBeforeItBeganIsAlwaysCaught(long seed) {
    History valid = GeneratedHistory.of(seed, 600, 6, 3);
    Random random = new Random(seed);
    int mutated = 0;
    while (mutated < 40) {
      int victim = random.nextInt(valid.size());
      RecordedTransaction before = valid.get(victim);
      if (before.outcome() == Outcome.COMMITTED && before.operations().getFirst() instanceof Operation.Read(int key, int[] values)
          && values.length > 0 && endedBefore(valid, key, values[values.length - 1], before.invoked())) {
        List<Operation> operations = new ArrayList<>(before.operations());
        operations.set(0, new Operation.Read(key, Arrays.copyOf(values, values.length - 1)));
        List<RecordedTransaction> all = new ArrayList<>(valid.transactions());
        all.set(victim, new RecordedTransaction(
            before.process(), before.invoked(), before.completed(), before.outcome(), operations));
        assertFalse(StrictSerializability.check(new History(all)).isValid(), "T" + victim + " of seed " + seed);
        mutated++;
      }
    }
  }

  private static boolean endedBefore(History history, int key, int value, long moment) {
    return history.transactions().stream().anyMatch(each -> each.outcome() == Outcome.COMMITTED && each.completed() < moment
        && each.operations().contains(append(key, value)));
  }
}
