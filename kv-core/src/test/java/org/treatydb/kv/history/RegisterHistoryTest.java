package org.treatydb.kv.history;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RegisterHistoryTest {

  private static final Operation READ_AT_FIRST = new Operation.Read(1);

  private final HistoryRecorder recorder = new HistoryRecorder();

  private HistoryRecorder.Recording beginWrite(int value) {
    HistoryRecorder.Recording recording = recorder.begin(1);
    recording.add(new Operation.Append(1, value));
    return recording;
  }

  private void write(int value, Outcome outcome) {
    beginWrite(value).end(outcome);
  }

  private void write(int value) {
    write(value, Outcome.COMMITTED);
  }

  private void read(Operation operation) {
    HistoryRecorder.Recording recording = recorder.begin(2);
    recording.add(operation);
    recording.end(Outcome.COMMITTED);
  }

  private void read(int value) {
    read(new Operation.Read(1, value));
  }

  private void check() {
    RegisterHistory.check(recorder.history());
  }

  private void assertRefused() {
    assertThrows(AssertionError.class, this::check);
  }

  @Test
  void oneAfterTheOtherPasses() {
    read(READ_AT_FIRST);
    write(1);
    read(1);
    write(2);
    write(3);
    read(3);
    check();
  }

  @Test
  void aReadDuringAWriteMaySeeEither() {
    HistoryRecorder.Recording write = beginWrite(1);
    read(READ_AT_FIRST);
    read(1);
    write.end(Outcome.COMMITTED);
    read(1);
    check();
  }

  @Test
  void goingBackIsFound() {
    HistoryRecorder.Recording write = beginWrite(1);
    read(1);
    read(READ_AT_FIRST);
    write.end(Outcome.COMMITTED);
    assertRefused();
  }

  @Test
  void aStaleReadIsFound() {
    write(1);
    write(2);
    read(1);
    assertRefused();
  }

  @Test
  void aLostWriteIsFound() {
    write(1);
    read(1);
    write(2);
    read(1);
    assertRefused();
  }

  @Test
  void anAbortedWriteMustNotBeSeen() {
    write(1, Outcome.ABORTED);
    read(1);
    assertRefused();
  }

  @Test
  void aWriteOfUnknownOutcomeMayHappenLateOrNever() {
    write(1, Outcome.UNKNOWN);
    write(2, Outcome.UNKNOWN);
    read(READ_AT_FIRST);
    read(2);
    check();
    read(READ_AT_FIRST);
    assertRefused();
  }

  @Test
  void afterARecoveryAWriteOfUnknownOutcomeHasHappenedOrNeverWill() {
    write(1, Outcome.UNKNOWN);
    recorder.settle();
    read(READ_AT_FIRST);
    check();
    read(1);
    assertRefused();
  }

  @Test
  void whatWasAcknowledgedBeforeACrashMustBeThereAfterIt() {
    write(1);
    write(2, Outcome.UNKNOWN);
    recorder.settle();
    read(READ_AT_FIRST);
    assertRefused();
  }

  @Test
  void theFutureCannotBeRead() {
    read(1);
    write(1);
    assertRefused();
  }
}
