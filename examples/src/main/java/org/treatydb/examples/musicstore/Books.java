package org.treatydb.examples.musicstore;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The store's books: reports a person reads, and checks that must hold whenever nobody is half-way through a sale. */
public final class Books {

  private final Connection connection;

  public Books(Connection connection) {
    this.connection = connection;
  }

  /** Prints what sells, where, and to whom. */
  public void printReports() throws SQLException {
    print("Revenue by country", """
        SELECT billing_country AS country, COUNT(*) AS invoices, SUM(total) AS revenue
        FROM invoice GROUP BY billing_country ORDER BY revenue DESC, country LIMIT 5""");
    print("Best-selling artists", """
        SELECT ar.name AS artist, SUM(l.quantity) AS sold, SUM(l.quantity * l.unit_price) AS revenue
        FROM invoice_line l
        JOIN track t ON t.track_id = l.track_id
        JOIN album al ON al.album_id = t.album_id
        JOIN artist ar ON ar.artist_id = al.artist_id
        GROUP BY ar.name ORDER BY sold DESC, artist LIMIT 5""");
    print("The best customer of each of the first countries", """
        WITH spent AS (
          SELECT c.country, c.first_name || ' ' || c.last_name AS customer, a.spent,
            RANK() OVER (PARTITION BY c.country ORDER BY a.spent DESC) AS place
          FROM customer c JOIN account a ON a.customer_id = c.customer_id)
        SELECT country, customer, spent FROM spent WHERE place = 1 ORDER BY country, customer LIMIT 5""");
  }

  private void print(String title, String query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      System.out.println();
      System.out.println("  " + title);
      StringBuilder header = new StringBuilder("   ");
      for (int i = 1; i <= columns; i++) {
        header.append(" %-26s".formatted(rows.getMetaData().getColumnLabel(i)));
      }
      System.out.println(header.toString().stripTrailing());
      while (rows.next()) {
        StringBuilder line = new StringBuilder("   ");
        for (int i = 1; i <= columns; i++) {
          line.append(" %-26s".formatted(rows.getString(i)));
        }
        System.out.println(line.toString().stripTrailing());
      }
    }
  }

  /** Everything that is wrong with the books; empty if they balance. */
  public List<String> faults() throws SQLException {
    List<String> faults = new ArrayList<>();
    int half = number("""
        SELECT COUNT(*) FROM invoice i
        LEFT JOIN (SELECT invoice_id, SUM(unit_price * quantity) AS amount FROM invoice_line GROUP BY invoice_id) l
          ON l.invoice_id = i.invoice_id
        WHERE l.amount IS NULL OR l.amount <> i.total""").intValue();
    if (half != 0) {
      faults.add(half + " invoices differ from the sum of their lines");
    }
    int orphans = number("""
        SELECT COUNT(*) FROM invoice_line WHERE invoice_id NOT IN (SELECT invoice_id FROM invoice)""").intValue();
    if (orphans != 0) {
      faults.add(orphans + " lines belong to no invoice");
    }
    equal(faults, "the customers' accounts", "SELECT SUM(spent) FROM account", "the invoices", "SELECT SUM(total) FROM invoice");
    String sold = " FROM invoice WHERE invoice_id >= " + Till.INVOICES_PER_TILL;
    equal(faults, "the tills' takings", "SELECT SUM(takings) FROM till", "their invoices", "SELECT SUM(total)" + sold);
    equal(faults, "the tills' sales", "SELECT SUM(sales) FROM till", "the number of their invoices", "SELECT COUNT(*)" + sold);
    return faults;
  }

  private void equal(List<String> faults, String one, String oneQuery, String other, String otherQuery) throws SQLException {
    BigDecimal first = number(oneQuery);
    BigDecimal second = number(otherQuery);
    if (first.compareTo(second) != 0) {
      faults.add("%s say %s, %s say %s".formatted(one, first, other, second));
    }
  }

  private BigDecimal number(String query) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      BigDecimal value = rows.getBigDecimal(1);
      return value == null ? BigDecimal.ZERO : value;
    }
  }

  /** The sum of all invoices. */
  public BigDecimal revenue() throws SQLException {
    return number("SELECT SUM(total) FROM invoice");
  }

  /** The numbers of all invoices that the tills wrote. */
  public Set<Integer> soldInvoices() throws SQLException {
    Set<Integer> found = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT invoice_id FROM invoice WHERE invoice_id >= " + Till.INVOICES_PER_TILL)) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    }
    return found;
  }
}
