package org.treatydb.kv.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.enclave.txn.Branch;
import org.treatydb.kv.enclave.txn.ParticipantStore;

/**
 * A coordinator that never crashes, of transactions on keys of its own: prepares them, leaves some in doubt, tells of others what was
 * decided, and knows what the participant must remember. Not thread-safe.
 */
final class Voter {

  private static final int KEYS = 40;
  private static final int IN_DOUBT_MAX = 4;
  private static final TransactionOptions AT_ONCE = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ZERO);

  private final int number;
  private final Random random;
  private final NavigableMap<String, String> committed = new TreeMap<>();
  private final Map<TransactionId, Transaction> undecided = new HashMap<>();
  /** An abort is not waited for: a crash may bring it back in doubt. */
  private final Set<TransactionId> aborted = new HashSet<>();
  /** The writes of the plain transaction whose outcome is unknown; null if there is none. */
  private NavigableMap<String, String> attempted;
  private long sequence;

  /** Null as a value is a delete. */
  private static final class Transaction {
    private final NavigableMap<String, String> writes;
    private boolean voted;
    private long vote;
    /** What was told of it: 0 nothing yet, -1 abort, else the commit timestamp. */
    private long told;

    Transaction(NavigableMap<String, String> writes) {
      this.writes = writes;
    }
  }

  Voter(int number, long seed) {
    this.number = number;
    this.random = new Random(seed);
  }

  boolean owns(String key) {
    return key.startsWith("voter" + number + "/");
  }

  boolean owns(TransactionId id) {
    return id.node() == number;
  }

  boolean isSettled() {
    return undecided.isEmpty();
  }

  void work(ParticipantStore store, int steps) {
    try {
      for (int i = 0; i < steps && attempted == null; i++) {
        switch (random.nextInt(4)) {
          case 0 -> decideOne(store);
          case 1 -> write(store);
          default -> {
            if (undecided.size() < IN_DOUBT_MAX) {
              prepare(store);
            } else {
              decideOne(store);
            }
          }
        }
      }
    } catch (KvException.Unavailable | KvException.UnknownOutcome e) {
      // The store has failed; what it remembers, the next boot shows.
    }
  }

  private NavigableMap<String, String> writes() {
    Set<String> taken = new HashSet<>();
    undecided.values().forEach(each -> taken.addAll(each.writes.keySet()));
    NavigableMap<String, String> writes = new TreeMap<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String key = "voter" + number + "/" + random.nextInt(KEYS);
      if (!taken.contains(key)) {
        writes.put(key, random.nextInt(4) == 0 ? null : Long.toHexString(random.nextLong()) + "v".repeat(random.nextInt(200)));
      }
    }
    return writes;
  }

  private static void put(KvTransaction transaction, NavigableMap<String, String> writes) {
    writes.forEach((key, value) -> {
      if (value == null) {
        transaction.delete(Writer.bytes(key));
      } else {
        transaction.put(Writer.bytes(key), Writer.bytes(value));
      }
    });
  }

  private void write(ParticipantStore store) {
    NavigableMap<String, String> writes = writes();
    try (KvTransaction transaction = store.begin()) {
      put(transaction, writes);
      attempted = writes;
      transaction.commit();
      attempted = null;
      apply(committed, writes);
    } catch (KvException.Unavailable e) {
      attempted = null;
      throw e;
    }
  }

  private void prepare(ParticipantStore store) {
    NavigableMap<String, String> writes = writes();
    if (writes.isEmpty()) {
      return;
    }
    Transaction transaction = new Transaction(writes);
    TransactionId id = new TransactionId(number, 1, ++sequence);
    Branch branch = store.beginBranch(id, AT_ONCE);
    put(branch, writes);
    undecided.put(id, transaction);
    transaction.vote = branch.prepare(0).timestamp();
    transaction.voted = true;
  }

  private void decideOne(ParticipantStore store) {
    List<TransactionId> ids = new ArrayList<>(undecided.keySet());
    if (ids.isEmpty()) {
      return;
    }
    TransactionId id = ids.get(random.nextInt(ids.size()));
    Transaction transaction = undecided.get(id);
    if (transaction.told == 0) {
      transaction.told = transaction.voted && random.nextInt(3) > 0 ? transaction.vote + random.nextInt(1000) : -1;
    }
    tell(store, id, transaction);
  }

  private void tell(ParticipantStore store, TransactionId id, Transaction transaction) {
    if (transaction.told > 0) {
      store.commitPrepared(id, transaction.told);
      apply(committed, transaction.writes);
    } else {
      store.abortPrepared(id);
      aborted.add(id);
    }
    undecided.remove(id);
  }

  private static void apply(NavigableMap<String, String> state, NavigableMap<String, String> writes) {
    writes.forEach((key, value) -> {
      if (value == null) {
        state.remove(key);
      } else {
        state.put(key, value);
      }
    });
  }

  /** The store has {@code inDoubt} of this voter's transactions. Tells it again what it was told and may have forgotten. */
  void check(ParticipantStore store, Set<TransactionId> inDoubt) {
    Set<TransactionId> unknown = new HashSet<>(inDoubt);
    unknown.removeAll(undecided.keySet());
    unknown.removeIf(aborted::contains);
    assertEquals(Set.of(), unknown, "in doubt, and never prepared, or committed");
    inDoubt.stream().filter(aborted::contains).forEach(store::abortPrepared);
    for (TransactionId id : List.copyOf(undecided.keySet())) {
      Transaction transaction = undecided.get(id);
      if (transaction.told == 0 && transaction.voted) {
        assertEquals(true, inDoubt.contains(id), "a vote is forgotten: " + id);
        transaction.writes.keySet().forEach(key -> requireLocked(store, key));
      } else {
        // Of who did not vote, the coordinator has decided the abort.
        tell(store, id, transaction);
      }
    }
    checkValues(store);
  }

  private static void requireLocked(ParticipantStore store, String key) {
    try (KvTransaction transaction = store.begin(AT_ONCE)) {
      transaction.get(Writer.bytes(key));
      fail("a lock is forgotten");
    } catch (KvException.Retryable e) {
      // It is locked.
    }
  }

  private void checkValues(ParticipantStore store) {
    NavigableMap<String, String> found = new TreeMap<>();
    Set<String> locked = new HashSet<>();
    undecided.values().forEach(each -> locked.addAll(each.writes.keySet()));
    try (KvTransaction transaction = store.begin(AT_ONCE)) {
      for (int i = 0; i < KEYS; i++) {
        String key = "voter" + number + "/" + i;
        byte[] value = locked.contains(key) ? null : transaction.get(Writer.bytes(key));
        if (value != null) {
          found.put(key, Writer.text(value));
        }
      }
    }
    NavigableMap<String, String> expected = new TreeMap<>(committed);
    if (attempted != null) {
      NavigableMap<String, String> happened = new TreeMap<>(committed);
      apply(happened, attempted);
      NavigableMap<String, String> shown = new TreeMap<>(happened);
      shown.keySet().removeAll(locked);
      if (shown.equals(found)) {
        apply(committed, attempted);
        expected = happened;
      }
      attempted = null;
    }
    expected.keySet().removeAll(locked);
    assertEquals(expected, found, "what was committed");
  }

  /** Once nothing is in doubt. */
  NavigableMap<String, String> committed() {
    return committed;
  }
}
