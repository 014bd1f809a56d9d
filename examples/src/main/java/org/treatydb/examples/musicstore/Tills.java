package org.treatydb.examples.musicstore;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Several tills selling at once, each on a thread and a connection of its own. */
final class Tills {

  static final int COUNT = 4;

  private final String url;

  Tills(String url) {
    this.url = url;
  }

  /** What the tills did together. */
  record Result(int sold, int calledOff, int retries) {}

  /**
   * Lets each till make {@code sales} sales; {@code acknowledged} gets each committed invoice's number, from any
   * thread.
   */
  Result sell(int sales, Consumer<Integer> acknowledged) throws SQLException {
    List<Future<Result>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= COUNT; i++) {
        int number = i;
        results.add(threads.submit(() -> work(number, sales, acknowledged)));
      }
    }
    int sold = 0;
    int calledOff = 0;
    int retries = 0;
    for (Future<Result> each : results) {
      Result result = finished(each);
      sold += result.sold;
      calledOff += result.calledOff;
      retries += result.retries;
    }
    return new Result(sold, calledOff, retries);
  }

  private Result work(int number, int sales, Consumer<Integer> acknowledged) throws SQLException {
    int calledOff = 0;
    try (Till till = new Till(number, DriverManager.getConnection(url))) {
      for (int i = 0; i < sales; i++) {
        Till.Sale sale = till.sell();
        if (sale.calledOff()) {
          calledOff++;
        } else {
          acknowledged.accept(sale.invoice());
        }
      }
      return new Result(sales - calledOff, calledOff, till.retries());
    }
  }

  private static Result finished(Future<Result> future) throws SQLException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
    }
  }

  /** Sells until it is killed, and says each committed invoice's number on a line of its standard output. */
  public static void main(String[] args) throws SQLException {
    new Tills(args[0]).sell(Integer.MAX_VALUE, invoice -> {
      System.out.println("sold " + invoice);
      System.out.flush();
    });
  }
}
