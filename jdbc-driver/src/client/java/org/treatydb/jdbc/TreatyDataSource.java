package org.treatydb.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Gives connections for one URL, to those who take a {@code DataSource} rather than a URL. It keeps none: wrap it in a pool.
 *
 * <p>A bean with the properties {@code url}, {@code user} and {@code password}; options stand in the URL. Set them before it is shared;
 * then it is safe for use by several threads.
 */
public final class TreatyDataSource extends Unwrappable implements DataSource {

  private volatile String url;
  private volatile String user;
  private volatile String password;
  private volatile int loginTimeoutSeconds;

  public String getUrl() {
    return url;
  }

  /** The URL, as {@link TreatyDriver} takes it. */
  public void setUrl(String url) {
    this.url = url;
  }

  public String getUser() {
    return user;
  }

  /** The user of {@link #getConnection()}; null for none. */
  public void setUser(String user) {
    this.user = user;
  }

  /** The password of {@link #getConnection()}; null for none. */
  public void setPassword(String password) {
    this.password = password;
  }

  /** Opens a connection. SQLState 08001 if the URL is none of Treaty's, or the database cannot be reached. */
  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(user, password);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    if (!JdbcUrl.accepts(url)) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The property url of the data source is not a URL that begins with jdbc:treaty:.");
    }
    Properties properties = new Properties();
    put(properties, DriverOption.USER, user);
    put(properties, DriverOption.PASSWORD, password);
    JdbcUrl parsed = JdbcUrl.parse(url, properties);
    if (loginTimeoutSeconds > 0 && parsed.kind() == JdbcUrl.Kind.REMOTE && parsed.option(DriverOption.CONNECT_TIMEOUT_MILLIS) == null) {
      put(properties, DriverOption.CONNECT_TIMEOUT_MILLIS, Long.toString(loginTimeoutSeconds * 1000L));
    }
    return new TreatyDriver().connect(url, properties);
  }

  private static void put(Properties properties, DriverOption option, String value) {
    if (value != null) {
      properties.setProperty(option.key, value);
    }
  }

  /** How long to wait for a server to accept a connection, unless the URL says it; 0 for the default. */
  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    if (seconds < 0) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The timeout " + seconds + " is negative.");
    }
    loginTimeoutSeconds = seconds;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeoutSeconds;
  }

  /** Null: the driver logs to {@code java.util.logging}. */
  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  /** No effect. */
  @Override
  public void setLogWriter(PrintWriter out) {
    // JDBC asks for the method, and the driver logs elsewhere.
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.treatydb");
  }
}
