package org.treatydb.examples.cluster;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The cluster sells while each of its processes in turn is killed and started again; in the end the books are checked. */
final class KillingStory {

  private static final long SALES_SECONDS_MAX = 180;
  /** The first bucket, two bytes, of the second quarter. */
  private static final String QUARTER = "4000";
  private static final double NANOS_PER_SECOND = 1e9;

  private final LocalCluster cluster;
  private final Stage stage;
  private final Story story;
  private final int sales;
  private final long absenceMillis;

  /**
   * The story.
   *
   * @param sales so many are sold in each quiet time
   * @param absenceMillis so long a killed process is left dead
   */
  KillingStory(LocalCluster cluster, Stage stage, Story story, int sales, long absenceMillis) {
    this.cluster = cluster;
    this.stage = stage;
    this.story = story;
    this.sales = sales;
    this.absenceMillis = absenceMillis;
  }

  void run() throws Exception {
    story.step("Selling tracks at " + Shop.TILLS + " tills; each sale writes to several nodes, in one transaction");
    stage.sell(sales);
    story.step("Moving a quarter of the buckets to one node, while the tills sell on: treaty move-range");
    try (Shop shop = stage.openShop()) {
      shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
      int before = shop.sold();
      story.show(cluster.moveTo(LocalCluster.NODES.getLast(), QUARTER));
      story.tell("%,d sales meanwhile".formatted(shop.sold() - before));
      shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
      tell(shop.closeTills());
    }
    story.step("Killing one process after the other (SIGKILL), while the tills sell on");
    try (Shop shop = stage.openShop()) {
      for (String node : LocalCluster.NODES) {
        shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
        killNode(node, shop);
      }
      shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
      killCas(shop);
      tell(shop.closeTills());
    }
    story.step("Checking the books, at every node");
    for (String node : LocalCluster.NODES) {
      stage.requireBooksAt(node);
    }
    story.tell("treaty status:");
    story.show(cluster.status(LocalCluster.NODES.getLast()));
    stage.printReports();
  }

  private void killNode(String node, Shop shop) throws Exception {
    TreatyProcess process = cluster.process(node);
    int before = shop.sold();
    process.kill();
    story.tell("killed %s, process %d, after %,d sales".formatted(node, process.pid(), before));
    TimeUnit.MILLISECONDS.sleep(absenceMillis);
    String neighbour = LocalCluster.NODES.get((LocalCluster.NODES.indexOf(node) + 1) % LocalCluster.NODES.size());
    List<String> down = cluster.status(neighbour).stream().filter(line -> line.contains("DOWN")).toList();
    story.show(down);
    Stage.require(down.size() == 1 && down.getFirst().contains(node), neighbour + " does not miss " + node + ", and nobody else");
    story.tell("%,d sales without it: what needs one of its rows waits".formatted(shop.sold() - before));
    long start = System.nanoTime();
    cluster.start(node);
    cluster.awaitServing(node);
    double serving = (System.nanoTime() - start) / NANOS_PER_SECOND;
    shop.awaitSales(1, SALES_SECONDS_MAX);
    double selling = (System.nanoTime() - start) / NANOS_PER_SECOND;
    story.tell(String.format(Locale.ROOT, "started %s again, process %d: it serves after %.1f s, the next sale was made after %.1f s",
        node, cluster.process(node).pid(), serving, selling));
  }

  private void killCas(Shop shop) throws Exception {
    long pid = cluster.cas().pid();
    cluster.cas().kill();
    story.tell("killed the CAS, process " + pid + ": no node can join now, but those that have joined go on");
    shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
    story.tell("%,d sales and more without it".formatted(sales / 4));
    cluster.startCas();
    story.tell("started the CAS again, process " + cluster.cas().pid());
    shop.awaitSales(sales / 4, SALES_SECONDS_MAX);
  }

  private void tell(SteadyTill.Tally tally) {
    story.tell("closed the tills: %,d sales committed, %,d transactions run again, %,d times connected to another node"
        .formatted(tally.sold(), tally.retries(), tally.moves()));
    story.tell("%,d times nobody could say whether a sale was committed; the till looked: %,d were, %,d were not"
        .formatted(tally.foundSold() + tally.foundUnsold(), tally.foundSold(), tally.foundUnsold()));
  }
}
