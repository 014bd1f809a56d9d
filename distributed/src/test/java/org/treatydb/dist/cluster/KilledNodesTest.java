package org.treatydb.dist.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.kv.embedded.ChildJvm;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/**
 * Three real processes over TLS, one of which at a time is killed by SIGKILL, at steps of its commits and of its recoveries, while all
 * three coordinate transfers over all nodes. The others go on, and it is started again while they do.
 */
class KilledNodesTest {

  private static final int NODES = 3;
  private static final int POINTS_DEFAULT = 10;
  private static final int MOVING_POINTS_DEFAULT = 4;
  /** Every so many times the node that was killed is killed again while it recovers. */
  private static final int POINTS_PER_KILLED_RECOVERY = 3;
  private static final int RECOVERY_STEPS = 60;
  private static final int OCCURRENCES = 6;
  private static final int TRANSFERS_MAX = 60;
  private static final Duration PER_POINT_MAX = Duration.ofSeconds(40);
  private static final List<String> STEPS = Stream.concat(
      Stream.of("Get", "Prepare", "Commit", "CommitAlone", "Abort", "CLOCK", "COUNTER").flatMap(kind -> Stream.of(
          "before-sending-", "after-reply-to-", "before-serving-", "before-replying-to-").map(when -> when + kind)),
      logSteps()).toList();
  private static final List<String> MOVE_STEPS = Stream.concat(Stream.concat(
      Stream.of("Give", "Take", "Learn").flatMap(kind -> Stream.of(
          "before-sending-", "after-reply-to-", "before-serving-", "before-replying-to-").map(when -> when + kind)),
      Stream.of("before-publishing", "after-publishing")), logSteps()).toList();

  private static Stream<String> logSteps() {
    return Stream.of("WAL", "CLOG").flatMap(log -> Stream.of(
        "before-append-", "after-append-", "before-sync-", "after-sync-", "before-confirm-", "after-confirm-").map(when -> when + log));
  }

  private final long seed = Long.getLong("seed", System.nanoTime());
  private int points;
  private boolean moving;
  private final Random random = new Random(seed);
  private final Map<Integer, ChildJvm> children = new HashMap<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> undone = new HashSet<>();
  private int killed;
  private int transfers;
  private int unknown;
  private long lockedMillisMax;
  private String addresses;

  @TempDir Path directory;

  @AfterEach
  void killChildren() {
    children.values().forEach(ChildJvm::close);
  }

  @Test
  void whateverStepANodeIsKilledAtAllNodesAgreeAndNothingStaysLocked() {
    killAtSteps(STEPS, Integer.getInteger("kill.points", POINTS_DEFAULT));
    assertTrue(killed > points / 2, "of " + points + " kills only " + killed + " came to their step");
  }

  /** With ranges on the move, a node works until it comes to its step. */
  @Test
  void whateverStepANodeIsKilledAtWhileRangesMoveAllNodesAgreeAndNothingStaysLocked() {
    moving = true;
    killAtSteps(MOVE_STEPS, Integer.getInteger("kill.points", MOVING_POINTS_DEFAULT));
  }

  private void killAtSteps(List<String> all, int wanted) {
    points = wanted;
    StringBuilder done = new StringBuilder();
    try {
      assertTimeoutPreemptively(PER_POINT_MAX.multipliedBy(points + 1), () -> {
        startAll();
        List<String> steps = new ArrayList<>();
        for (int point = 0; point < points; point++) {
          if (steps.isEmpty()) {
            steps.addAll(all);
            Collections.shuffle(steps, random);
          }
          done.setLength(0);
          killAndCheck(point, steps.removeLast(), done);
        }
      });
      assertTrue(committed.isEmpty() && transfers > points, "hardly anything was committed: " + transfers);
    } catch (Throwable e) {
      throw new AssertionError(
          done + "; replay with -Dtest=KilledNodesTest -Dkill.points=" + points + " -Dseed=" + seed + ": " + e.getMessage(), e);
    }
    if (Integer.getInteger("kill.points") != null) {
      System.err.printf("%d points, %d kills, %d commits, %d of unknown outcome, all locked within %d ms%n",
          points, killed, transfers, unknown, lockedMillisMax);
    }
  }

  private void startAll() throws Exception {
    Files.write(
        directory.resolve(KilledNode.AUTHORITY), CertificateAuthority.create(new SystemEntropy(), new SystemClock()).encodeSecret());
    FileShardService.create(directory, ClusterTransfers.SHARDS);
    List<String> all = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      all.add(free(node));
    }
    addresses = String.join(",", all);
    for (int node = 1; node <= NODES; node++) {
      start(node, 0);
    }
    for (ChildJvm child : children.values()) {
      child.await("serving");
    }
    tell(1, "prepare");
    await(1, "done prepare");
    tellAll("told");
  }

  /** An address from which no connection goes out, so that nobody takes its port while the node is down. */
  private static String free(int node) throws IOException {
    String host = "127.77.0." + node;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return host + ":" + socket.getLocalPort();
    }
  }

  private void start(int node, int dyingStep) throws IOException {
    children.put(node, new ChildJvm(
        KilledNode.class, String.valueOf(node), directory.toString(), addresses, String.valueOf(dyingStep)));
  }

  private void tell(int node, String line) {
    children.get(node).tell(line);
  }

  /** Has all do it at once. */
  private void tellAll(String command) throws IOException {
    for (int node = 1; node <= NODES; node++) {
      tell(node, command);
    }
    for (int node = 1; node <= NODES; node++) {
      await(node, "done " + command);
    }
  }

  /** Reads up to a line that begins so, and notes what is said before; null if the process ends before it. */
  private String await(int node, String beginning) throws IOException {
    String line = note(node, beginning);
    assertTrue(line != null, "node " + node + " has ended before it said: " + beginning);
    return line.substring(beginning.length());
  }

  private String note(int node, String until) throws IOException {
    String line = children.get(node).line();
    while (line != null && !line.startsWith(until)) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "committed" -> committed.add(words[1]);
        case "undone" -> undone.add(words[1]);
        case "unknown" -> unknown++;
        case "trouble" -> throw new AssertionError("node " + node + ": " + line);
        default -> { }
      }
      line = children.get(node).line();
    }
    return line;
  }

  private void killAndCheck(int point, String step, StringBuilder done) throws Exception {
    int victim = 1 + random.nextInt(NODES);
    int occurrence = 1 + random.nextInt(OCCURRENCES);
    done.append("point ").append(point).append(": node ").append(victim).append(" dies at ").append(step).append(", occurrence ")
        .append(occurrence);
    tell(victim, "arm " + step + " " + occurrence);
    await(victim, "done arm");
    for (int node = 1; node <= NODES; node++) {
      boolean ends = node == victim && !moving;
      tell(node, "work " + point + " " + random.nextLong(Long.MAX_VALUE / 2) + " " + (ends ? TRANSFERS_MAX : Integer.MAX_VALUE));
      if (moving) {
        tell(node, "move " + random.nextLong());
      }
    }
    if (note(victim, "finished " + point) == null) {
      noteKilled(victim);
      if (point % POINTS_PER_KILLED_RECOVERY == 0) {
        int recoveryStep = 1 + random.nextInt(RECOVERY_STEPS);
        done.append(", and at step ").append(recoveryStep).append(" of its recovery");
        killInRecovery(victim, recoveryStep);
      } else {
        start(victim, 0);
        await(victim, "serving");
      }
    }
    tell(victim, "arm any 0");
    tellAll("stop");
    tellAll("told");
    tellAll("settle");
    check(point);
  }

  private void noteKilled(int victim) throws InterruptedException {
    assertTrue(children.get(victim).wasKilled(), "node " + victim + " ended by itself");
    killed++;
  }

  private void killInRecovery(int victim, int step) throws Exception {
    start(victim, step);
    if (note(victim, "serving") == null) {
      noteKilled(victim);
      start(victim, 0);
      await(victim, "serving");
    }
  }

  private void check(int point) throws IOException {
    List<String> states = new ArrayList<>();
    for (int node = 1; node <= NODES; node++) {
      tell(node, "state");
      states.add(await(node, "state "));
      await(node, "done state");
    }
    assertEquals(states.get(0), states.get(1), "nodes 1 and 2 see different states");
    assertEquals(states.get(0), states.get(2), "nodes 1 and 3 see different states");
    String[] words = states.getFirst().trim().split(" +");
    assertEquals(ClusterTransfers.TOTAL, Long.parseLong(words[0]), "money came or went");
    Set<String> receipts = new HashSet<>();
    for (int i = 1; i < words.length; i++) {
      String id = words[i].substring(0, words[i].indexOf('='));
      String[] places = words[i].substring(id.length() + 1).split("/");
      assertEquals(places[1], places[0], "transfer " + id + " is only on some of its nodes");
      assertTrue(id.startsWith(point + "."), "transfer " + id + " shows up long after it was made");
      receipts.add(id);
    }
    committed.forEach(id -> assertTrue(receipts.contains(id), "transfer " + id + " was acknowledged, and is gone"));
    undone.forEach(id -> assertTrue(!receipts.contains(id), "transfer " + id + " was said to be undone, and is there"));
    int coordinator = 1 + random.nextInt(NODES);
    tell(coordinator, "lock");
    lockedMillisMax = Math.max(lockedMillisMax, Long.parseLong(await(coordinator, "locked ")));
    await(coordinator, "done lock");
    transfers += committed.size();
    committed.clear();
    undone.clear();
  }
}
