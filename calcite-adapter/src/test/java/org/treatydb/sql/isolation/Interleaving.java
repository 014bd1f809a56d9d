package org.treatydb.sql.isolation;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a schedule: a transaction that must wait does its later steps when it can go on; one that is refused does no more. */
final class Interleaving {

  private final Stage stage;
  private final Map<Integer, Participant> participants = new LinkedHashMap<>();

  /** One transaction, its steps still to come, and the one under way. */
  private static final class Participant {
    private final Actor actor;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final List<List<List<Object>>> answers = new ArrayList<>();
    private Actor.Step underWay;
    private String sqlUnderWay;
    private boolean refused;
    private boolean committed;

    Participant(Actor actor) {
      this.actor = actor;
    }

    boolean isBusy() {
      return underWay != null && !underWay.isDone();
    }

    boolean canGoOn() {
      return underWay == null && !waiting.isEmpty();
    }

    void goOn() {
      sqlUnderWay = waiting.remove();
      underWay = actor.starts(sqlUnderWay);
    }

    void collect() {
      List<List<Object>> rows = underWay.rowsUnlessRefused();
      underWay = null;
      if (rows == null) {
        refused = true;
        waiting.clear();
        actor.starts("ROLLBACK").succeeds();
      } else if (sqlUnderWay.equals(Schedule.COMMIT)) {
        committed = true;
      } else {
        answers.add(rows);
      }
    }
  }

  private Interleaving(Stage stage) {
    this.stage = stage;
  }

  /**
   * Runs {@code schedule}.
   *
   * @param modes of the first transaction, the second …; the last also of those after it
   */
  static Outcome run(Stage stage, Schedule schedule, List<String> modes) throws SQLException {
    Interleaving run = new Interleaving(stage);
    for (int transaction : schedule.transactions().keySet()) {
      String mode = modes.get(Math.min(transaction, modes.size()) - 1);
      run.participants.put(transaction, new Participant(stage.transaction("transaction " + transaction, mode)));
    }
    for (Schedule.Step step : schedule.steps()) {
      Participant participant = run.participants.get(step.transaction());
      if (!participant.refused) {
        participant.waiting.add(step.sql());
        run.goOn();
      }
    }
    while (run.participants.values().stream().anyMatch(each -> each.underWay != null)) {
      run.goOn();
    }
    Map<Integer, List<List<List<Object>>>> answers = new TreeMap<>();
    run.participants.forEach((transaction, participant) -> {
      if (participant.committed) {
        answers.put(transaction, participant.answers);
      }
    });
    return new Outcome(answers, stage.autocommit().starts(AnomaliesTest.ROWS).succeeds());
  }

  /** Lets everybody do what they can until each waits for another or has nothing to do. */
  private void goOn() {
    boolean moved;
    do {
      settle();
      moved = false;
      for (Participant participant : participants.values()) {
        if (participant.underWay != null && participant.underWay.isDone()) {
          participant.collect();
          moved = true;
        }
        if (participant.canGoOn()) {
          participant.goOn();
          moved = true;
        }
      }
    } while (moved);
  }

  private void settle() {
    while (participants.values().stream().filter(Participant::isBusy).count() > stage.waiting().size()) {
      Thread.yield();
    }
  }
}
