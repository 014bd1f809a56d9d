package org.treatydb.kv.workload;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.history.Outcome;

/**
 * Many claim the same name at once, and only one may get it: half of the names are keys, the other half prefixes of keys that nobody else
 * would touch, as in a unique index.
 */
final class UniqueNamesWorkload implements Workload {

  private static final int CLAIMS_PER_NAME = 12;
  private static final int UNCLAIMED = -1;

  private final AtomicInteger claims = new AtomicInteger();
  private final Map<Integer, Integer> owners = new ConcurrentHashMap<>();
  private final Violations violations = new Violations();

  @Override
  public void step(KvStore store, int process, Random random) {
    int claim = claims.incrementAndGet();
    int name = claim / CLAIMS_PER_NAME;
    boolean forUpdate = random.nextInt(4) == 0;
    int[] before = {UNCLAIMED};
    Integer knownBefore = owners.get(name);
    Outcome outcome = Attempt.run(store, false, random.nextInt(20) == 0, transaction -> {
      before[0] = owner(transaction, name, forUpdate);
      Attempt.letOthersGo(random);
      if (before[0] == UNCLAIMED) {
        transaction.put(name % 2 == 0 ? Keys.of("name", name) : Keys.of("name", name, claim), Keys.value(claim));
      }
    });
    if (outcome != Outcome.COMMITTED) {
      return;
    }
    if (before[0] == UNCLAIMED) {
      note(name, claim);
    } else if (knownBefore != null && knownBefore != before[0]) {
      violations.add("name " + name + " belongs to " + knownBefore + ", but " + claim + " saw it belong to " + before[0]);
    }
  }

  private void note(int name, int claim) {
    Integer other = owners.putIfAbsent(name, claim);
    if (other != null) {
      violations.add("name " + name + " was given to " + other + " and to " + claim);
    }
  }

  private static int owner(KvTransaction transaction, int name, boolean forUpdate) {
    if (name % 2 == 0) {
      byte[] owner = forUpdate ? transaction.getForUpdate(Keys.of("name", name)) : transaction.get(Keys.of("name", name));
      return owner == null ? UNCLAIMED : Keys.number(owner);
    }
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("name", name)))) {
      return rows.next() ? Keys.number(rows.value()) : UNCLAIMED;
    }
  }

  @Override
  public void check(KvStore store) {
    Attempt.run(store, true, false, transaction -> owners.forEach((name, owner) -> {
      int found = owner(transaction, name, false);
      if (found != owner) {
        violations.add("name " + name + " was given to " + owner + ", in the end it belongs to " + found);
      }
    }));
    violations.check();
  }
}
