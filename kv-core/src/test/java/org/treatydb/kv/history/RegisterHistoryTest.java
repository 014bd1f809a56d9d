package org.treatydb.kv.history;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RegisterHistoryTest {

  private final RegisterHistory history = new RegisterHistory();

  private void write(int value) {
    history.wrote(1, value, history.moment(), Outcome.COMMITTED);
  }

  private void read(int value) {
    history.read(1, value, history.moment());
  }

  private void assertRefused() {
    assertThrows(AssertionError.class, history::check);
  }

  @Test
  void oneAfterTheOtherPasses() {
    read(RegisterHistory.INITIAL);
    write(1);
    read(1);
    write(2);
    write(3);
    read(3);
    history.check();
  }

  @Test
  void aReadDuringAWriteMaySeeEither() {
    long invoked = history.moment();
    read(RegisterHistory.INITIAL);
    read(1);
    history.wrote(1, 1, invoked, Outcome.COMMITTED);
    read(1);
    history.check();
  }

  @Test
  void goingBackIsFound() {
    long invoked = history.moment();
    read(1);
    read(RegisterHistory.INITIAL);
    history.wrote(1, 1, invoked, Outcome.COMMITTED);
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
    history.wrote(1, 1, history.moment(), Outcome.ABORTED);
    read(1);
    assertRefused();
  }

  @Test
  void aWriteOfUnknownOutcomeMayHappenLateOrNever() {
    history.wrote(1, 1, history.moment(), Outcome.UNKNOWN);
    history.wrote(1, 2, history.moment(), Outcome.UNKNOWN);
    read(RegisterHistory.INITIAL);
    read(2);
    history.check();
    read(RegisterHistory.INITIAL);
    assertRefused();
  }

  @Test
  void theFutureCannotBeRead() {
    read(1);
    write(1);
    assertRefused();
  }
}
