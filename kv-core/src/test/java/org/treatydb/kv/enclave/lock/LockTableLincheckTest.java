package org.treatydb.kv.enclave.lock;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.boundary.Clock;

/**
 * Lincheck runs a few transactions at a time on real threads, again and again, and looks for a serial order that explains what each saw.
 * The control shows that it finds a table that is wrong.
 */
@Timeout(180)
public class LockTableLincheckTest {

  private static final int ITERATIONS = 10;
  private static final int INVOCATIONS = 100;

  private static void check(Class<?> transactions, Class<?> specification) {
    new StressOptions().iterations(ITERATIONS).invocationsPerIteration(INVOCATIONS).threads(2).actorsPerThread(3).actorsBefore(1)
        .actorsAfter(1).minimizeFailedScenario(false).sequentialSpecification(specification).check(transactions);
  }

  @Test
  void transactionsThatWaitForEachOtherAreSerializable() {
    check(Transactions.class, Serial.class);
  }

  @Test
  void requestsThatDoNotWaitAreDecidedAsByANaiveModel() {
    check(Requests.class, NaiveRequests.class);
  }

  @Test
  void controlATableThatDoesNotLookAtRangesIsFound() {
    assertThrows(LincheckAssertionError.class, () -> check(RequestsIgnoringRanges.class, NaiveRequests.class));
  }

  /** Grants keys whatever range they lie in. */
  private static final class IgnoringRanges extends LockState {

    @Override
    boolean isBlocked(LockRequest request) {
      return request.key == null ? super.isBlocked(request) : request.key.anyHolder(request.owner, request.mode, holder -> true);
    }
  }

  /** Time never passes: nobody gives up. */
  private static final class NoTime implements Clock {

    @Override
    public long currentTimeMillis() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public void parkUntil(Object blocker, long deadlineNanos) {
      LockSupport.park(blocker);
    }
  }

  private static byte[] key(int number) {
    return new byte[] {(byte) number};
  }

  private static LockTable table(LockState state, int escalationLocks) {
    return new LockTable(new NoTime(), new LockLimits(escalationLocks, 1_000), state);
  }

  /** What the transactions do, one after the other. */
  public static class Serial {

    static final int ACCOUNTS = 3;
    private final int[] balances = new int[ACCOUNTS];

    /** Where others would come in, were there no locks. */
    void pause() {}

    private void write(int account, int balance) {
      pause();
      balances[account] = balance;
    }

    /** Adds to all accounts, from {@code first} round to the one before it. */
    public String addInTurn(int first) {
      for (int i = 0; i < ACCOUNTS; i++) {
        write((first + i) % ACCOUNTS, balances[(first + i) % ACCOUNTS] + i);
      }
      return Arrays.toString(balances);
    }

    public String add(int account) {
      int balance = balances[account] + 1;
      write(account, balance);
      return Integer.toString(balance);
    }

    public String doubleAllAndOne() {
      for (int i = 0; i < ACCOUNTS; i++) {
        write(i, 2 * balances[i] + 1);
      }
      return Arrays.toString(balances);
    }

    public String readAll() {
      pause();
      return Arrays.toString(balances);
    }
  }

  /** The same under locks: any two keys escalate. */
  @Param(name = "account", gen = IntGen.class, conf = "0:2")
  public static class Transactions {

    private final Serial accounts = new Serial() {
      @Override
      void pause() {
        Thread.yield();
      }
    };
    private final LockTable table;
    private final AtomicLong ages = new AtomicLong();

    public Transactions() {
      table = table(new LockState(), 2);
    }

    private interface Body {
      String run(LockOwner owner);
    }

    private String transaction(Body body) {
      while (true) {
        LockOwner owner = Owners.aged(ages.incrementAndGet());
        try {
          return body.run(owner);
        } catch (KvException.Retryable e) {
          continue;
        } finally {
          table.releaseAll(owner);
        }
      }
    }

    private void lockAll(LockOwner owner, LockMode mode) {
      table.lockRange(owner, new KeyRange(key(0), key(Serial.ACCOUNTS)), mode, Long.MAX_VALUE);
    }

    @Operation
    public String addInTurn(@Param(name = "account") int first) {
      return transaction(owner -> {
        for (int i = 0; i < Serial.ACCOUNTS; i++) {
          table.lockKey(owner, key((first + i) % Serial.ACCOUNTS), LockMode.EXCLUSIVE, Long.MAX_VALUE);
        }
        return accounts.addInTurn(first);
      });
    }

    @Operation
    public String add(@Param(name = "account") int account) {
      return transaction(owner -> {
        table.lockKey(owner, key(account), LockMode.SHARED, Long.MAX_VALUE);
        table.lockKey(owner, key(account), LockMode.EXCLUSIVE, Long.MAX_VALUE);
        return accounts.add(account);
      });
    }

    @Operation
    public String doubleAllAndOne() {
      return transaction(owner -> {
        lockAll(owner, LockMode.EXCLUSIVE);
        return accounts.doubleAllAndOne();
      });
    }

    @Operation
    public String readAll() {
      return transaction(owner -> {
        lockAll(owner, LockMode.SHARED);
        return accounts.readAll();
      });
    }
  }

  /** Who holds what, as a list; thread {@code t} locks for owner {@code t}. */
  public static final class NaiveRequests {

    private record Held(int owner, int from, int to, boolean exclusive) {}

    private final List<Held> held = new ArrayList<>();

    public boolean lockRange(int thread, int from, int length, boolean exclusive) {
      Held wanted = new Held(thread, from, from + length, exclusive);
      boolean free = held.stream().noneMatch(other -> other.owner != thread && (exclusive || other.exclusive)
          && other.from < wanted.to && wanted.from < other.to);
      return length == 0 || free && held.add(wanted);
    }

    public boolean lockKey(int thread, int key, boolean exclusive) {
      return lockRange(thread, key, 1, exclusive);
    }

    public void releaseAll(int thread) {
      held.removeIf(each -> each.owner == thread);
    }
  }

  /** The same with the table. */
  @Param(name = "thread", gen = ThreadIdGen.class)
  @Param(name = "key", gen = IntGen.class, conf = "0:2")
  @Param(name = "exclusive", gen = BooleanGen.class)
  public static class Requests {

    private final LockOwner[] owners = {Owners.aged(0), Owners.aged(1), Owners.aged(2), Owners.aged(3)};
    private final LockTable table;

    public Requests() {
      this(new LockState());
    }

    Requests(LockState state) {
      table = table(state, 1_000);
    }

    @Operation
    public boolean lockRange(
        @Param(name = "thread") int thread, @Param(name = "key") int from, @Param(name = "key") int length,
        @Param(name = "exclusive") boolean exclusive) {
      try {
        table.lockRange(owners[thread], new KeyRange(key(from), key(from + length)), mode(exclusive), 0);
        return true;
      } catch (KvException.Retryable e) {
        return false;
      }
    }

    @Operation
    public boolean lockKey(@Param(name = "thread") int thread, @Param(name = "key") int key, @Param(name = "exclusive") boolean exclusive) {
      try {
        table.lockKey(owners[thread], key(key), mode(exclusive), 0);
        return true;
      } catch (KvException.Retryable e) {
        return false;
      }
    }

    @Operation
    public void releaseAll(@Param(name = "thread") int thread) {
      table.releaseAll(owners[thread]);
    }

    private static LockMode mode(boolean exclusive) {
      return exclusive ? LockMode.EXCLUSIVE : LockMode.SHARED;
    }
  }

  public static final class RequestsIgnoringRanges extends Requests {

    public RequestsIgnoringRanges() {
      super(new IgnoringRanges());
    }
  }
}
