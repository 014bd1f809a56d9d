package org.treatydb.kv.workload;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.Outcome;
import org.treatydb.kv.history.RegisterHistory;

/** Single reads and blind writes of a few keys, under locks and from snapshots: each key must behave as one register. */
final class RegisterWorkload implements Workload {

  private static final int REGISTERS = 3;

  private final RegisterHistory history = new RegisterHistory();
  private final AtomicInteger values = new AtomicInteger();

  @Override
  public void step(KvStore store, int process, Random random) {
    int register = random.nextInt(REGISTERS);
    byte[] key = Keys.of("register", register);
    if (random.nextInt(3) == 0) {
      int value = values.incrementAndGet();
      long invoked = history.moment();
      Outcome outcome = Attempt.run(store, false, random.nextInt(20) == 0, transaction -> transaction.put(key, Keys.value(value)));
      history.wrote(register, value, invoked, outcome);
    } else {
      read(store, register, random.nextInt(3));
    }
  }

  private void read(KvStore store, int register, int way) {
    byte[] key = Keys.of("register", register);
    int[] found = {RegisterHistory.INITIAL};
    long invoked = history.moment();
    Outcome outcome = Attempt.run(store, way == 0, false, transaction -> {
      byte[] value = way == 1 ? transaction.getForUpdate(key) : transaction.get(key);
      found[0] = value == null ? RegisterHistory.INITIAL : Keys.number(value);
    });
    if (outcome == Outcome.COMMITTED) {
      history.read(register, found[0], invoked);
    }
  }

  @Override
  public void check(KvStore store) {
    for (int register = 0; register < REGISTERS; register++) {
      read(store, register, 0);
    }
    history.check();
  }
}
