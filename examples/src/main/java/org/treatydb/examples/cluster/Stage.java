package org.treatydb.examples.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.treatydb.examples.musicstore.Books;
import org.treatydb.examples.musicstore.ChinookLoader;
import org.treatydb.examples.musicstore.Till;

/** What both stories play on: a cluster with a music store in it, and all that was ever sold there. Not thread-safe. */
final class Stage {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long SALES_SECONDS_MAX = 300;

  private final LocalCluster cluster;
  private final Story story;
  private final ConcurrentSkipListSet<Integer> sold = new ConcurrentSkipListSet<>();
  private List<String> secrets = List.of();

  Stage(LocalCluster cluster, Story story) {
    this.cluster = cluster;
    this.story = story;
  }

  /** Makes the cluster, starts it, and fills it. */
  void open() throws Exception {
    story.step("Making a cluster: a configuration service (CAS) and three nodes, each a process of its own");
    cluster.make();
    cluster.startCas();
    story.tell("the CAS runs, process " + cluster.cas().pid() + "; it lets in who proves to run this code, and gives out keys");
    cluster.startNodes();
    for (String node : LocalCluster.NODES) {
      story.tell("node %-5s runs, process %d, and serves JDBC on %s".formatted(node, cluster.process(node).pid(), cluster.jdbc(node)));
    }
    story.tell("treaty status:");
    story.show(cluster.status(LocalCluster.NODES.getFirst()));
    String url = cluster.url(LocalCluster.NODES.getFirst());
    story.step("Loading the Chinook music store into " + url);
    try (Connection connection = DriverManager.getConnection(url)) {
      long rows = new ChinookLoader(connection).load();
      Till.prepare(connection, Shop.TILLS);
      secrets = ChinookLoader.customerSecrets(connection);
      story.tell("loaded %,d rows, dealt out to all nodes".formatted(rows));
    }
  }

  /** Opens the shop; the caller closes it. */
  Shop openShop() {
    return new Shop(cluster, sold);
  }

  /** Sells for a while, with nothing in the way. */
  void sell(int sales) throws Exception {
    try (Shop shop = openShop()) {
      long start = System.nanoTime();
      shop.awaitSales(sales, SALES_SECONDS_MAX);
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
      SteadyTill.Tally tally = shop.closeTills();
      story.tell(String.format(Locale.ROOT, "%,d sales committed at %d tills, %,d run again after a conflict; %.0f sales a second",
          tally.sold(), Shop.TILLS, tally.retries(), sales / seconds));
    }
  }

  /** Makes one sale at the node that serves {@code url}; fails if that does. */
  void sellOne(String url) throws SQLException {
    try (Till till = new Till(1, DriverManager.getConnection(url))) {
      Till.Sale sale = till.attempt();
      while (sale.calledOff()) {
        sale = till.attempt();
      }
      sold.add(sale.invoice());
    }
  }

  /** Checks the books as {@code node} shows them: they balance, and all that was sold is in them. */
  void requireBooksAt(String node) throws SQLException {
    try (Connection connection = DriverManager.getConnection(cluster.urlOf(node))) {
      Books books = new Books(connection);
      List<String> faults = books.faults();
      require(faults.isEmpty(), "the books do not balance at " + node + ": " + faults);
      Set<Integer> found = books.soldInvoices();
      Set<Integer> missing = new TreeSet<>(sold);
      missing.removeAll(found);
      require(missing.isEmpty(), "acknowledged sales are missing at " + node + ": " + missing);
      Set<Integer> surplus = new TreeSet<>(found);
      surplus.removeAll(sold);
      require(surplus.isEmpty(), "sales that nobody was told of are in the books at " + node + ": " + surplus);
      story.tell("as %-5s shows them, the books balance: %,d sales, every one that was acknowledged, and no other; revenue %s"
          .formatted(node, found.size(), books.revenue()));
    }
  }

  /** Prints what sells best. */
  void printReports() throws SQLException {
    try (Connection connection = DriverManager.getConnection(cluster.url(LocalCluster.NODES.getLast()))) {
      new Books(connection).printReports();
    }
  }

  /** What nobody may find in a file. */
  List<String> secrets() {
    return secrets;
  }

  static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }
}
