package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Operation;

/**
 * Many claim the same name at once, and only one may get it: half of the names are keys, the other half prefixes of keys that nobody else
 * would touch, as in a unique index. In the history a name is a list or a set of its owners, to which only those append who found none.
 */
final class UniqueNamesWorkload implements Workload {

  private static final int CLAIMS_PER_NAME = 12;

  private final HistoryRecorder recorder;
  private final AtomicInteger claims;

  UniqueNamesWorkload(HistoryRecorder recorder, int claimsMade) {
    this.recorder = recorder;
    this.claims = new AtomicInteger(claimsMade);
  }

  @Override
  public void step(KvStore store, int process, Random random) {
    int claim = claims.incrementAndGet();
    int name = claim / CLAIMS_PER_NAME;
    boolean forUpdate = random.nextInt(4) == 0;
    HistoryRecorder.Recording recording = recorder.begin(process);
    Attempt.run(store, recording, false, random.nextInt(20) == 0, transaction -> {
      boolean isFree = read(transaction, recording, name, forUpdate).length == 0;
      Attempt.letOthersGo(random);
      if (isFree) {
        recording.add(new Operation.Append(name, claim));
        transaction.put(isKey(name) ? Keys.of("name", name) : Keys.of("name", name, claim), Keys.value(claim));
      }
    });
  }

  private static boolean isKey(int name) {
    return name % 2 == 0;
  }

  private static int[] read(KvTransaction transaction, HistoryRecorder.Recording recording, int name, boolean forUpdate) {
    List<Integer> owners = new ArrayList<>();
    if (isKey(name)) {
      byte[] owner = forUpdate ? transaction.getForUpdate(Keys.of("name", name)) : transaction.get(Keys.of("name", name));
      if (owner != null) {
        owners.add(Keys.number(owner));
      }
    } else {
      try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("name", name)))) {
        while (rows.next()) {
          owners.add(Keys.number(rows.value()));
        }
      }
    }
    int[] found = owners.stream().mapToInt(owner -> owner).toArray();
    recording.add(isKey(name) ? new Operation.Read(name, found) : new Operation.Scan(name, found));
    return found;
  }

  @Override
  public void readEverything(KvStore store) {
    HistoryRecorder.Recording recording = recorder.begin(READER);
    Attempt.run(store, recording, true, false, transaction -> {
      for (int name = 0; name <= claims.get() / CLAIMS_PER_NAME; name++) {
        if (read(transaction, recording, name, false).length > 1) {
          throw new AssertionError("name " + name + " has several owners");
        }
      }
    });
  }
}
