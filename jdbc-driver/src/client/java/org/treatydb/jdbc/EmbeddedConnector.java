package org.treatydb.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/**
 * Opens databases within the process, for the URLs {@code jdbc:treaty:file:DIR} and {@code jdbc:treaty:mem:NAME}. The driver finds the
 * implementation, which is in the jar {@code jdbc-driver}, with {@link java.util.ServiceLoader}.
 *
 * <p>Implementations are thread-safe.
 */
public interface EmbeddedConnector {

  /**
   * Opens the database in a directory, or joins its other users in this process. It closes with the last channel.
   *
   * @param options the options {@code keyFile}, {@code counterDir}, {@code passphrase}, {@code memory}, {@code user} and {@code password},
   *     as far as they were given
   * @throws SQLException the directory holds no database that opens with these options, or another process uses it
   */
  Channel openFile(Path directory, Map<String, String> options) throws SQLException;

  /**
   * Opens the database of that name in memory, which lives as long as the process.
   *
   * @param options {@code user} and {@code password}, as far as they were given
   */
  Channel openMemory(String name, Map<String, String> options) throws SQLException;
}
