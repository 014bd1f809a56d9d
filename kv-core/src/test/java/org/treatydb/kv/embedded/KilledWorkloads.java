package org.treatydb.kv.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.history.HistoryFile;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.workload.ChosenConcurrency;
import org.treatydb.kv.workload.ChosenConcurrency.Choice;
import org.treatydb.kv.workload.EarlyAcknowledgement;
import org.treatydb.kv.workload.Workers;
import org.treatydb.kv.workload.Workload;

/**
 * The child process of {@link SigkillHistoryTest}: runs all workloads at once on the store below the directory named, and writes the
 * history of each to a file of its own. Ends by itself only if something is wrong.
 */
final class KilledWorkloads {

  private static final int THREADS_PER_WORKLOAD = 6;

  /** More than there is time for. */
  private static final int TRANSACTIONS = Integer.MAX_VALUE;

  private KilledWorkloads() {}

  /** Where the histories of that kind are, one for each round. */
  static Path historyFile(Path directory, Workload.Kind kind, int round) {
    return directory.resolve("history-" + kind + "-" + round);
  }

  /** Arguments: directory, round, seed, whether commits are acknowledged too early, the values written so far by each workload. */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    int round = Integer.parseInt(arguments[1]);
    Random random = new Random(Long.parseLong(arguments[2]));
    System.out.println("opening");
    EmbeddedStore opened = new TemporaryStore(directory).open();
    Choice[] choices = Choice.values();
    ChosenConcurrency chosen = new ChosenConcurrency(opened, choices[round % choices.length]);
    KvStore store = Boolean.parseBoolean(arguments[3]) ? new EarlyAcknowledgement(chosen) : chosen;
    List<Workload> workloads = new ArrayList<>();
    for (Workload.Kind kind : Workload.Kind.values()) {
      HistoryRecorder recorder = new HistoryRecorder(new HistoryFile(historyFile(directory, kind, round)));
      workloads.add(kind.create(recorder, Integer.parseInt(arguments[4 + kind.ordinal()])));
    }
    workloads.forEach(workload -> workload.prepare(opened));
    System.out.println("open");
    Thread.Builder builder = random.nextBoolean() ? Thread.ofVirtual() : Thread.ofPlatform();
    List<Workers> workers = new ArrayList<>();
    for (Workload workload : workloads) {
      workers.add(new Workers(builder, THREADS_PER_WORKLOAD, workload, store, random, TRANSACTIONS, false));
    }
    try {
      workers.forEach(Workers::await);
    } finally {
      System.exit(1);
    }
  }
}
