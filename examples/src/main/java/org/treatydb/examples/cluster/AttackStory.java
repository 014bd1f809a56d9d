package org.treatydb.examples.cluster;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.treatydb.examples.musicstore.Intruder;

/** Who owns the machines reads the disks, puts an older one back, and runs a node twice; and is found out. */
final class AttackStory {

  private static final String VICTIM = "gamma";
  private static final String OTHER = "alpha";
  private static final long REFUSAL_SECONDS_MAX = 120;

  private final LocalCluster cluster;
  private final Stage stage;
  private final Story story;
  private final int sales;

  /**
   * The story.
   *
   * @param sales so many are sold between the attacks
   */
  AttackStory(LocalCluster cluster, Stage stage, Story story, int sales) {
    this.cluster = cluster;
    this.stage = stage;
    this.story = story;
    this.sales = sales;
  }

  void run() throws Exception {
    story.step("Selling tracks at " + Shop.TILLS + " tills");
    stage.sell(sales);
    lookForPlaintext();
    rollBack();
    runTwice();
    lookForPlaintext();
  }

  private void lookForPlaintext() throws Exception {
    story.step("Looking for customers in every file of every node, and of the CAS");
    Intruder intruder = new Intruder(cluster.directory());
    List<String> found = intruder.search(stage.secrets());
    Stage.require(found.isEmpty(), "plaintext in the files: " + found);
    story.tell("%,d names and addresses, %,d bytes of files: not one of them is to be found"
        .formatted(stage.secrets().size(), intruder.bytes()));
  }

  private void rollBack() throws Exception {
    story.step("Attack: a node's disk is put back to an older state");
    Path yesterday = cluster.directory().resolve("yesterday");
    Path today = cluster.directory().resolve("today");
    Intruder disk = new Intruder(cluster.home(VICTIM));
    cluster.process(VICTIM).end();
    disk.copyTo(yesterday);
    story.tell("stopped " + VICTIM + " and copied its directory");
    cluster.start(VICTIM);
    cluster.awaitServing(VICTIM);
    story.tell("started it again, and sold on:");
    stage.sell(sales);
    cluster.process(VICTIM).end();
    disk.copyTo(today);
    disk.putBack(yesterday);
    story.tell("stopped it, put the older copy in place of its directory, and started it");
    TreatyProcess rolledBack = cluster.start(VICTIM);
    int status = rolledBack.awaitEnd(REFUSAL_SECONDS_MAX);
    story.tell("it ended with status " + status + ":");
    story.show(List.of(rolledBack.lastWords()));
    Stage.require(status != 0 && rolledBack.lastWords().contains("XX001"), "the attack went unnoticed");
    disk.putBack(today);
    cluster.start(VICTIM);
    cluster.awaitServing(VICTIM);
    story.tell("put today's directory back: " + VICTIM + " serves again");
    stage.requireBooksAt(VICTIM);
  }

  private void runTwice() throws Exception {
    story.step("Attack: a second " + VICTIM + " runs on a copy of its directory, while the first one runs");
    String copy = VICTIM + "-copy";
    new Intruder(cluster.home(VICTIM)).copyTo(cluster.home(copy));
    TreatyProcess first = cluster.process(VICTIM);
    TreatyProcess second = cluster.startCopy(VICTIM, copy);
    String ready = second.awaitReady(REFUSAL_SECONDS_MAX);
    String copyUrl = cluster.urlAt(ready.substring(ready.lastIndexOf(' ') + 1));
    story.tell("process %d is %s, process %d a copy; who joined last has the only valid certificate, and the counter's newest epoch"
        .formatted(first.pid(), VICTIM, second.pid()));
    story.tell("a sale at the first one is refused: " + requireRefusal(cluster.urlOf(VICTIM)));
    story.tell("to " + OTHER + " it is this, and to it " + OTHER + " is no better:");
    story.show(Stream.concat(about(VICTIM, OTHER), about(OTHER, VICTIM)).toList());
    stage.sellOne(copyUrl);
    story.tell("a sale at the copy is committed: it is " + VICTIM + " now, and there is no other");
    first.kill();
    second.end();
    TreatyProcess again = cluster.start(VICTIM);
    int status = again.awaitEnd(REFUSAL_SECONDS_MAX);
    story.tell("stopped both, and started the first one again; it ended with status " + status + ":");
    story.show(List.of(again.lastWords()));
    Stage.require(status != 0 && again.lastWords().contains("XX001"), "the first one goes on beside the copy");
    new Intruder(cluster.home(VICTIM)).putBack(cluster.home(copy));
    cluster.start(VICTIM);
    cluster.awaitServing(VICTIM);
    story.tell("put the copy's directory, which is the newest, in its place: " + VICTIM + " serves again");
    stage.sell(sales);
    for (String node : LocalCluster.NODES) {
      stage.requireBooksAt(node);
    }
  }

  /** What {@code witness} has to say of {@code node}. */
  private Stream<String> about(String node, String witness) throws Exception {
    return cluster.status(witness).stream().filter(line -> line.contains(" " + node));
  }

  private String requireRefusal(String url) {
    try {
      stage.sellOne(url);
    } catch (SQLException e) {
      return e.getMessage() + " (SQLState " + e.getSQLState() + ")";
    }
    throw new IllegalStateException("two processes are one node at a time");
  }
}
