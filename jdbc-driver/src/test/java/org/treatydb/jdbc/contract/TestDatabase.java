package org.treatydb.jdbc.contract;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database that one test uses. Keeps one connection open until the test ends, so that an embedded one stays open. */
final class TestDatabase implements AutoCloseable {

  private final String url;
  private final Runnable stop;
  private Connection keeper;

  TestDatabase(String url, Runnable stop) {
    this.url = url;
    this.stop = stop;
  }

  String url() {
    return url;
  }

  Connection connect() throws SQLException {
    return connect("");
  }

  /** Connects with options, each {@code ;name=value}. */
  Connection connect(String options) throws SQLException {
    if (keeper == null) {
      keeper = DriverManager.getConnection(url);
    }
    return DriverManager.getConnection(url + options);
  }

  /** Stops the server, if there is one. */
  void stop() {
    stop.run();
  }

  @Override
  public void close() throws SQLException {
    if (keeper != null) {
      keeper.close();
    }
    stop.run();
  }
}
