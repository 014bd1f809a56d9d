package org.treatydb.dist.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The models of how a cluster commits and of the trusted counter, checked by TLC: their invariants hold in every state, without any one
 * defence one of them is broken, and what is worth looking at does happen. With {@code -Dmodel.full=true} larger ones, and a report; that
 * is what {@code bin/model} runs.
 */
class ModelTest {

  private static final boolean FULL = Boolean.getBoolean("model.full");
  private static final ModelCheck COMMIT = ModelCheck.of("Commit");
  private static final ModelCheck COUNTER = ModelCheck.of("Counter");

  /** With which defence off what is broken: TLC goes by the number of steps, so it is always the same. */
  private static final Map<String, String> BROKEN_WITHOUT = new TreeMap<>(Map.ofEntries(
      Map.entry("VoteWhenStable", "AcknowledgedCommitsSurvive"),
      Map.entry("AnswerWhenStable", "AcknowledgedCommitsSurvive"),
      Map.entry("ForgetWhenStable", "Atomicity"),
      Map.entry("RecoverToCounter", "ForksNeverBothAcknowledge"),
      Map.entry("FenceOldBoots", "ForksNeverBothAcknowledge"),
      Map.entry("ClockFencesOldBoots", "AcknowledgedCommitsSurvive"),
      Map.entry("RefuseRepeated", "ExecutedAtMostOnce"),
      Map.entry("RefuseOlderEpochs", "AcceptedCounterNeverGoesBack"),
      Map.entry("CompareWithRead", "AcceptedCounterNeverGoesBack"),
      Map.entry("VerifyPromises", "AcceptedCounterNeverGoesBack"),
      Map.entry("NameMembersBoot", "AcceptedCounterNeverGoesBack"),
      Map.entry("RoundBeforeTelling", "AcceptedCounterNeverGoesBack")));

  @TempDir
  Path directory;

  private static Map<String, ModelCheck> whole() {
    Map<String, ModelCheck> checks = new TreeMap<>();
    checks.put("Commit: one transaction on two nodes", FULL ? COMMIT.with("EpochMax", "3") : COMMIT);
    checks.put("Commit: one transaction on one node", COMMIT.with("Txn", "{\"alone\"}").with("EpochMax", "3"));
    checks.put("Counter: a cluster of three", FULL ? COUNTER.with("RestartMax", "2") : COUNTER);
    if (FULL) {
      checks.put("Commit: two transactions", COMMIT.with("Txn", "{\"both\", \"alone\"}"));
      checks.put("Counter: a cluster of four", COUNTER.with("Member", "{m1, m2, m3}").with("RestartMax", "2"));
    }
    return checks;
  }

  private static Map<String, ModelCheck> controls() {
    Map<String, ModelCheck> checks = new TreeMap<>();
    for (String defence : List.of(
        "VoteWhenStable", "AnswerWhenStable", "ForgetWhenStable", "RecoverToCounter", "FenceOldBoots", "ClockFencesOldBoots")) {
      checks.put(defence, COMMIT.without(defence));
    }
    checks.put("RefuseRepeated", COMMIT.with("Txn", "{\"alone\"}").without("RefuseRepeated"));
    for (String defence : List.of("RefuseOlderEpochs", "CompareWithRead", "VerifyPromises")) {
      checks.put(defence, COUNTER.without(defence));
    }
    for (String defence : List.of("NameMembersBoot", "RoundBeforeTelling")) {
      checks.put(defence, COUNTER.with("RestartMax", "2").without(defence));
    }
    return checks;
  }

  private static Map<String, ModelCheck> reached() {
    Map<String, ModelCheck> checks = new TreeMap<>();
    for (String met : List.of(
        "ACommitOfTwoNodesIsAnswered", "ARollbackIsRefused", "AForkIsFenced", "ALaterBootCommitsWhatWasInDoubt", "ADecisionIsForgotten")) {
      checks.put("Commit: " + met, COMMIT.meets(met));
    }
    for (String met : List.of("ALaterBootConfirmsMore", "AForkIsFenced", "AMemberIsToldAgain")) {
      checks.put("Counter: " + met, COUNTER.with("RecordMax", "2").meets(met));
    }
    return checks;
  }

  private static void report(String line, Object... values) {
    if (FULL) {
      System.out.printf(Locale.ROOT, line + "%n", values);
    }
  }

  @Test
  void theInvariantsHoldInEveryState() throws Exception {
    ModelCheck.run(whole(), directory).forEach((name, result) -> {
      assertEquals("", result.broken(), () -> name + "\n" + result.output());
      report("holds in all %,d states: %s", result.states(), name);
    });
  }

  @Test
  void withoutAnyOneDefenceAnInvariantIsBroken() throws Exception {
    Map<String, String> broken = new TreeMap<>();
    ModelCheck.run(controls(), directory).forEach((defence, result) -> {
      broken.put(defence, result.broken());
      report("without %s, %s is broken in %d steps", defence, result.broken(), result.steps() - 1);
    });
    assertEquals(BROKEN_WITHOUT, broken);
  }

  @Test
  void whatIsWorthLookingAtDoesHappen() throws Exception {
    List<String> unmet = new ArrayList<>();
    ModelCheck.run(reached(), directory).forEach((name, result) -> {
      if (result.broken().isEmpty()) {
        unmet.add(name);
      }
      report("met in %d steps: %s", result.steps() - 1, name);
    });
    assertEquals(List.of(), unmet);
  }
}
