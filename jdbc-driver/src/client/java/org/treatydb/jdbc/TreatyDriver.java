package org.treatydb.jdbc;

import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.logging.Logger;

/**
 * The JDBC driver for {@code jdbc:treaty:} URLs. It registers itself.
 *
 * <ul>
 *   <li>{@code jdbc:treaty://HOST:PORT/}: a server; several addresses, separated by commas, are tried in order
 *   <li>{@code jdbc:treaty:file:DIR}: the store in a directory, within this process. It opens with the first connection and closes with
 *       the last; all connections to the same directory share it
 *   <li>{@code jdbc:treaty:mem:NAME}: a store in memory, within this process, which lives as long as the process
 * </ul>
 *
 * <p>Options stand after the URL, as {@code ;name=value}, or in the Properties. File URLs know {@code keyFile}, {@code counterDir} and
 * {@code passphrase}; server URLs know {@code tls}, {@code trustAnchor} and {@code connectTimeoutMillis}; all know {@code concurrency},
 * {@code lockTimeoutMillis}, {@code statementTimeoutMillis}, {@code transactionTimeoutMillis} and {@code idleTransactionTimeoutMillis}. An
 * unknown option is an error.
 *
 * <p>The embedded URLs need the jar {@code jdbc-driver} and what it depends on; a server URL needs the jar {@code treaty-jdbc} only.
 *
 * <p>Thread-safe.
 */
public final class TreatyDriver implements Driver {

  static final int MAJOR_VERSION = 0;
  static final int MINOR_VERSION = 1;
  public static final String VERSION = "0.1.0";

  static {
    try {
      DriverManager.registerDriver(new TreatyDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return JdbcUrl.accepts(url);
  }

  @Override
  public Connection connect(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    JdbcUrl parsed = JdbcUrl.parse(url, properties == null ? new Properties() : properties);
    try {
      return connect(parsed);
    } catch (NoClassDefFoundError e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "A class that the driver needs is not on the class path: " + e.getMessage()
          + ". The jar treaty-jdbc holds all of them.", e);
    }
  }

  private static Connection connect(JdbcUrl url) throws SQLException {
    switch (url.kind()) {
      case REMOTE:
        return connectRemote(url);
      case FILE:
        return TreatyConnection.open(url, embedded(url).openFile(url.directory(), url.storeOptions()));
      default:
        return TreatyConnection.open(url, embedded(url).openMemory(url.name(), url.storeOptions()));
    }
  }

  private static Connection connectRemote(JdbcUrl url) throws SQLException {
    List<String> hosts = url.hosts();
    HttpClient client = HttpClients.with(url.connectTimeoutMillis(), url.option(DriverOption.TRUST_ANCHOR));
    SQLException failure = null;
    for (String host : hosts) {
      try {
        return TreatyConnection.open(url, new HttpChannel(host, url.speaksTlsWith(host), url.authorizationFor(host), client));
      } catch (SQLException e) {
        if (!(e.getCause() instanceof IOException)) {
          throw e;
        }
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (hosts.size() == 1) {
      throw failure;
    }
    throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "None of the servers can be reached: " + String.join(", ", hosts) + ".", failure);
  }

  private static EmbeddedConnector embedded(JdbcUrl url) throws SQLException {
    try {
      Iterator<EmbeddedConnector> found =
          ServiceLoader.load(EmbeddedConnector.class, TreatyDriver.class.getClassLoader()).iterator();
      if (found.hasNext()) {
        return found.next();
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The database engine for " + url + " does not load: it needs Java 25 or later and the "
          + "class path that 'treaty classpath' prints. " + e.getMessage(), e);
    }
    throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The URL " + url + " asks for a database within this process, but only the client is on "
        + "the class path. Add the jar jdbc-driver and what it depends on ('treaty classpath' prints the whole class path).");
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties properties) throws SQLException {
    if (!acceptsURL(url)) {
      return new DriverPropertyInfo[0];
    }
    JdbcUrl parsed = JdbcUrl.parse(url, properties == null ? new Properties() : properties);
    return DriverOption.applyingTo(parsed.kind()).stream().map(option -> {
      DriverPropertyInfo info = new DriverPropertyInfo(option.key, option.isSecret() ? null : parsed.option(option));
      info.description = option.description;
      return info;
    }).toArray(DriverPropertyInfo[]::new);
  }

  @Override
  public int getMajorVersion() {
    return MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return MINOR_VERSION;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.treatydb");
  }
}
