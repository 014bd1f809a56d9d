package org.treatydb.examples.musicstore;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One till of the store: sells tracks over its own connection, each sale an interactive transaction of several
 * statements. Tills sell to the same customers, so their transactions meet; one that the database ends with SQLState
 * 40001 is run again. Not thread-safe.
 */
public final class Till implements AutoCloseable {

  /** Invoices of till n have numbers from n times this. */
  public static final int INVOICES_PER_TILL = 1_000_000;

  private static final String RETRYABLE = "40001";
  private static final int LINES_MAX = 5;
  /** One sale in so many is called off at the last moment. */
  private static final int CALLED_OFF = 10;

  private final int number;
  private Connection connection;
  private final Random random;
  private final List<Integer> customers;
  private final List<Integer> tracks;
  private int lastInvoice;
  private int retries;

  /** Till {@code number}, from 1; the connection is its own from now on. */
  public Till(int number, Connection connection) throws SQLException {
    this.number = number;
    this.connection = connection;
    this.random = new Random(number);
    this.customers = ids("SELECT customer_id FROM customer ORDER BY customer_id");
    this.tracks = ids("SELECT track_id FROM track ORDER BY track_id");
    connection.setAutoCommit(false);
  }

  /** Creates what the tills share: a row for each till, and each customer's account. */
  public static void prepare(Connection connection, int tills) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE till (till_id INTEGER PRIMARY KEY, sales INTEGER NOT NULL, takings DECIMAL(12, 2) NOT NULL)");
      statement.execute("CREATE TABLE account (customer_id INTEGER PRIMARY KEY, invoices INTEGER NOT NULL, spent DECIMAL(12, 2) NOT NULL)");
      statement.execute("INSERT INTO account SELECT customer_id, COUNT(*), SUM(total) FROM invoice GROUP BY customer_id");
      for (int till = 1; till <= tills; till++) {
        statement.execute("INSERT INTO till VALUES (" + till + ", 0, 0)");
      }
    }
  }

  private List<Integer> ids(String query) throws SQLException {
    List<Integer> ids = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
    }
    return ids;
  }

  /** What became of one sale. */
  public record Sale(int invoice, boolean calledOff) {}

  /** Makes one sale; when this returns with a sale that was not called off, it is committed. */
  public Sale sell() throws SQLException {
    while (true) {
      try {
        return attempt();
      } catch (SQLException e) {
        connection.rollback();
        if (!RETRYABLE.equals(e.getSQLState())) {
          throw e;
        }
        retries++;
      }
    }
  }

  /** As {@link #sell}, but runs nothing again: after a failure the transaction is to be rolled back, or the connection is lost. */
  public Sale attempt() throws SQLException {
    int customer = customers.get(random.nextInt(customers.size()));
    int invoice = number * INVOICES_PER_TILL + nextSale();
    lastInvoice = invoice;
    BigDecimal total = writeLines(invoice);
    writeInvoice(invoice, customer, total);
    update("UPDATE account SET invoices = invoices + 1, spent = spent + ? WHERE customer_id = ?", total, customer);
    update("UPDATE till SET sales = sales + 1, takings = takings + ? WHERE till_id = ?", total, number);
    if (random.nextInt(CALLED_OFF) == 0) {
      connection.rollback();
      return new Sale(invoice, true);
    }
    connection.commit();
    return new Sale(invoice, false);
  }

  /** Goes on over another connection, its own from now on. The old one is closed, with what was open there. */
  public void moveTo(Connection other) throws SQLException {
    Connection before = connection;
    connection = other;
    before.close();
    other.setAutoCommit(false);
  }

  /** Gives up what is open. */
  public void rollBack() throws SQLException {
    connection.rollback();
  }

  /** The invoice that the last attempt was to write, if it came so far. */
  public int lastInvoice() {
    return lastInvoice;
  }

  /**
   * Whether this till's sale {@code invoice} is in the books. Reads the till's row under a lock first, so that a sale that is still being
   * committed is waited for.
   */
  public boolean isSold(int invoice) throws SQLException {
    nextSale();
    try (PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM invoice WHERE invoice_id = ?")) {
      query.setInt(1, invoice);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        boolean found = rows.getInt(1) == 1;
        connection.rollback();
        return found;
      }
    }
  }

  private int nextSale() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT sales FROM till WHERE till_id = ?")) {
      query.setInt(1, number);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getInt(1) + 1;
      }
    }
  }

  private BigDecimal writeLines(int invoice) throws SQLException {
    BigDecimal total = BigDecimal.ZERO;
    try (PreparedStatement price = connection.prepareStatement("SELECT unit_price FROM track WHERE track_id = ?");
        PreparedStatement line = connection.prepareStatement(
            "INSERT INTO invoice_line (invoice_line_id, invoice_id, track_id, unit_price, quantity) VALUES (?, ?, ?, ?, ?)")) {
      for (int i = 1, n = 1 + random.nextInt(LINES_MAX); i <= n; i++) {
        int track = tracks.get(random.nextInt(tracks.size()));
        int quantity = 1 + random.nextInt(2);
        price.setInt(1, track);
        try (ResultSet rows = price.executeQuery()) {
          rows.next();
          BigDecimal unitPrice = rows.getBigDecimal(1);
          total = total.add(unitPrice.multiply(BigDecimal.valueOf(quantity)));
          line.setInt(1, invoice * 10 + i);
          line.setInt(2, invoice);
          line.setInt(3, track);
          line.setBigDecimal(4, unitPrice);
          line.setInt(5, quantity);
          line.addBatch();
        }
      }
      line.executeBatch();
    }
    return total;
  }

  private void writeInvoice(int invoice, int customer, BigDecimal total) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(
        "INSERT INTO invoice (invoice_id, customer_id, invoice_date, billing_country, total) "
            + "SELECT CAST(? AS INTEGER), customer_id, CAST(? AS DATE), country, CAST(? AS DECIMAL(10, 2)) "
            + "FROM customer WHERE customer_id = ?")) {
      insert.setInt(1, invoice);
      insert.setDate(2, Date.valueOf(LocalDate.of(2026, 1, 1).plusDays(random.nextInt(365))));
      insert.setBigDecimal(3, total);
      insert.setInt(4, customer);
      insert.executeUpdate();
    }
  }

  private void update(String sql, BigDecimal amount, int id) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setBigDecimal(1, amount);
      update.setInt(2, id);
      if (update.executeUpdate() != 1) {
        throw new IllegalStateException("row " + id + " is missing: " + sql);
      }
    }
  }

  /** How many transactions had to be run again. */
  int retries() {
    return retries;
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
