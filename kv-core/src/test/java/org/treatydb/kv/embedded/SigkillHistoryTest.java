package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.history.History;
import org.treatydb.kv.history.HistoryFile;
import org.treatydb.kv.history.HistoryRecorder;
import org.treatydb.kv.history.Outcome;
import org.treatydb.kv.workload.Workload;

/**
 * All workloads at once in a real process that is killed by SIGKILL at random moments, again and again on the same files: what each did and
 * saw, over all its lives, is one strictly serializable history.
 */
class SigkillHistoryTest {

  private static final int KILLS = 6;
  private static final int RUN_MICROS_MAX = 900_000;

  /** The control runs until it notices, which is nearly always the first time. */
  private static final int CONTROL_RUNS_MAX = 20;
  private static final int CONTROL_KILLS = 2;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** More rounds make a longer run. */
  private final int rounds = Integer.getInteger("workload.rounds", 1);

  @TempDir Path directory;

  @Test
  void workThroughKillsIsStrictlySerializable(TestReporter reporter) throws Exception {
    for (int round = 0; round < rounds; round++) {
      try {
        Path place = Files.createDirectory(directory.resolve("place-" + round));
        killAgainAndAgain(place, KILLS, false);
        long unknown = 0;
        for (Workload.Kind kind : Workload.Kind.values()) {
          History history = check(place, kind, KILLS);
          String counts = Stream.of(Outcome.values()).map(each -> history.count(each) + " " + each).toList().toString();
          reporter.publishEntry(kind.toString(), counts);
          assertTrue(history.count(Outcome.COMMITTED) > 0, "nothing was committed of " + kind);
          unknown += history.count(Outcome.UNKNOWN);
        }
        assertTrue(unknown > 0, "nothing was under way at any kill");
      } catch (Throwable e) {
        throw new AssertionError("replay with -Dtest=SigkillHistoryTest -Dseed=" + seed + ", round " + round + ": " + e.getMessage(), e);
      }
    }
  }

  /** Kills the child that often, and reads in the end, in a process that is not killed, what the last left behind. */
  private void killAgainAndAgain(Path place, int kills, boolean acknowledgesEarly) throws Exception {
    for (int kill = 0; kill < kills; kill++) {
      List<String> arguments = new ArrayList<>(List.of(
          place.toString(), String.valueOf(kill), String.valueOf(random.nextLong()), String.valueOf(acknowledgesEarly)));
      for (Workload.Kind kind : Workload.Kind.values()) {
        arguments.add(String.valueOf(history(place, kind, kill).largestValue()));
      }
      try (ChildJvm child = new ChildJvm(KilledWorkloads.class, arguments.toArray(String[]::new))) {
        child.await("opening");
        if (kill % 4 == 2) {
          child.letRun(random.nextInt(RUN_MICROS_MAX));
        } else {
          child.await("open");
          child.letRun(random.nextInt(RUN_MICROS_MAX));
        }
        child.killRunning();
      }
    }
    try (EmbeddedStore store = new TemporaryStore(place).open()) {
      for (Workload.Kind kind : Workload.Kind.values()) {
        try (HistoryFile file = new HistoryFile(KilledWorkloads.historyFile(place, kind, kills))) {
          Workload reader = kind.create(new HistoryRecorder(file), history(place, kind, kills).largestValue());
          reader.prepare(store);
          reader.readEverything(store);
        }
      }
    }
  }

  /** What was recorded until that kill; a child that was killed early may have recorded nothing. */
  private static History history(Path place, Workload.Kind kind, int kills) {
    return HistoryFile.read(
        IntStream.range(0, kills).mapToObj(kill -> KilledWorkloads.historyFile(place, kind, kill)).filter(Files::exists).toList());
  }

  private static History check(Path place, Workload.Kind kind, int kills) {
    History history = history(place, kind, kills + 1);
    kind.check(history);
    return history;
  }

  @Test
  void controlCommitsThatAreAcknowledgedBeforeTheyHappenAreNoticed() throws Exception {
    Set<String> findings = new TreeSet<>();
    for (int run = 0; run < CONTROL_RUNS_MAX && findings.stream().noneMatch(each -> each.contains("lost append")); run++) {
      Path place = Files.createDirectory(directory.resolve("control-" + run));
      killAgainAndAgain(place, CONTROL_KILLS, true);
      for (Workload.Kind kind : Workload.Kind.values()) {
        try {
          check(place, kind, CONTROL_KILLS);
        } catch (AssertionError e) {
          findings.add(e.getMessage());
        }
      }
    }
    assertTrue(findings.stream().anyMatch(each -> each.contains("lost append")), () -> "seed " + seed + ": " + findings);
  }
}
