package org.treatydb.examples.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.treatydb.examples.musicstore.Till;

/**
 * A till that goes on while nodes come and go. Runs again what the cluster has ended (40001), connects to another node when its own is lost
 * (08…, 57P01), and looks into the books when it was not told whether a sale was committed (08007). Not thread-safe.
 */
final class SteadyTill {

  private static final String RETRYABLE = "40001";
  private static final String OUTCOME_UNKNOWN = "08007";
  private static final String SHUTTING_DOWN = "57P01";
  private static final String CONNECTION = "08";

  private static final long PAUSE_MILLIS_MIN = 5;
  private static final long PAUSE_MILLIS_MAX = 250;

  private final int number;
  private final String url;
  private final BooleanSupplier goOn;
  private final IntConsumer acknowledged;
  private Till till;
  private long pauseMillis = PAUSE_MILLIS_MIN;
  private int sold;
  private int retries;
  private int moves;
  private int foundSold;
  private int foundUnsold;

  /**
   * A till that sells as long as {@code goOn} says so.
   *
   * @param acknowledged gets the number of each invoice that is known to be committed
   */
  SteadyTill(int number, String url, BooleanSupplier goOn, IntConsumer acknowledged) {
    this.number = number;
    this.url = url;
    this.goOn = goOn;
    this.acknowledged = acknowledged;
  }

  /**
   * What a till has been through.
   *
   * @param sold sales that are committed
   * @param retries transactions that were run again
   * @param moves how often it had to connect again
   * @param foundSold sales that it was not told the outcome of, and then found in the books
   * @param foundUnsold those that it did not find
   */
  record Tally(int sold, int retries, int moves, int foundSold, int foundUnsold) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    Tally plus(Tally other) {
      return new Tally(
          sold + other.sold, retries + other.retries, moves + other.moves, foundSold + other.foundSold, foundUnsold + other.foundUnsold);
    }
  }

  /** Sells. Fails with what no till should meet. */
  Tally sell() throws SQLException, InterruptedException {
    till = new Till(number, DriverManager.getConnection(url));
    while (goOn.getAsBoolean()) {
      try {
        Till.Sale sale = till.attempt();
        pauseMillis = PAUSE_MILLIS_MIN;
        if (!sale.calledOff()) {
          sold(sale.invoice());
        }
      } catch (SQLException e) {
        recover(e);
      }
    }
    till.close();
    return new Tally(sold, retries, moves, foundSold, foundUnsold);
  }

  private void sold(int invoice) {
    sold++;
    acknowledged.accept(invoice);
  }

  private void recover(SQLException failure) throws SQLException, InterruptedException {
    if (!OUTCOME_UNKNOWN.equals(failure.getSQLState())) {
      getOver(failure);
      return;
    }
    int invoice = till.lastInvoice();
    move();
    if (isSold(invoice)) {
      foundSold++;
      sold(invoice);
    } else {
      foundUnsold++;
    }
  }

  /** Asks until there is an answer. */
  private boolean isSold(int invoice) throws SQLException, InterruptedException {
    while (true) {
      try {
        return till.isSold(invoice);
      } catch (SQLException e) {
        getOver(e);
      }
    }
  }

  /** Is ready for the next transaction when it returns. */
  private void getOver(SQLException failure) throws SQLException, InterruptedException {
    if (RETRYABLE.equals(failure.getSQLState())) {
      retries++;
      pause();
      try {
        till.rollBack();
      } catch (SQLException e) {
        move();
      }
    } else if (isConnectionLost(failure)) {
      move();
    } else {
      throw failure;
    }
  }

  private void move() throws SQLException, InterruptedException {
    moves++;
    while (true) {
      try {
        Connection connection = DriverManager.getConnection(url);
        till.moveTo(connection);
        return;
      } catch (SQLException e) {
        if (!isConnectionLost(e)) {
          throw e;
        }
        pause();
      }
    }
  }

  private static boolean isConnectionLost(SQLException e) {
    return e.getSQLState() != null && (e.getSQLState().startsWith(CONNECTION) || e.getSQLState().equals(SHUTTING_DOWN));
  }

  /** Longer each time in a row, so that a cluster that waits for a node is not kept busy with what cannot be. */
  private void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(pauseMillis);
    pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
  }
}
