package org.treatydb.jdbc.embedded;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.jdbc.Channel;
import org.treatydb.jdbc.EmbeddedConnector;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.Caller;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** Opens the embedded URLs' databases. The driver makes one through {@link java.util.ServiceLoader} for each connection. Thread-safe. */
public final class StoreConnector implements EmbeddedConnector {

  private static final OpenDirectories DIRECTORIES = new OpenDirectories();
  private static final ReentrantLock MEMORY_LOCK = new ReentrantLock();
  private static final Map<String, Database> MEMORY = new HashMap<>();

  @Override
  public Channel openFile(Path directory, Map<String, String> options) throws SQLException {
    Database database = DIRECTORIES.join(directory, storeOptions(options));
    try {
      return new LocalChannel(directory.toString(), database.sessions(), caller(database, options), () -> DIRECTORIES.leave(database));
    } catch (SQLException | RuntimeException e) {
      DIRECTORIES.leave(database);
      throw e;
    }
  }

  private static Caller caller(Database database, Map<String, String> options) throws SQLException {
    return database.sessions().embedded(options.get("user"), options.get("password"));
  }

  @Override
  public Channel openMemory(String name, Map<String, String> options) throws SQLException {
    MEMORY_LOCK.lock();
    try {
      Database database = MEMORY.get(name);
      if (database == null) {
        database = Database.inMemory();
        MEMORY.put(name, database);
      }
      return new LocalChannel("memory " + name, database.sessions(), caller(database, options), () -> { });
    } finally {
      MEMORY_LOCK.unlock();
    }
  }

  private static EmbeddedStoreOptions storeOptions(Map<String, String> values) throws SQLException {
    EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults();
    String keyFile = values.get("keyFile");
    String counterDir = values.get("counterDir");
    String passphrase = values.get("passphrase");
    if (keyFile != null && passphrase != null) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "Give either keyFile or passphrase, not both.");
    }
    if (keyFile != null) {
      options = options.withKeyFile(path("keyFile", keyFile));
    }
    if (passphrase != null) {
      options = options.withPassphrase(passphrase.toCharArray());
    }
    if (counterDir != null) {
      options = options.withCounterDirectory(path("counterDir", counterDir));
    }
    String memory = values.get("memory");
    return memory == null ? options : withMemory(options, memory);
  }

  private static EmbeddedStoreOptions withMemory(EmbeddedStoreOptions options, String memory) throws SQLException {
    try {
      return options.withMemoryBytes(ByteSize.parse(memory));
    } catch (IllegalArgumentException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option memory is " + ByteSize.FORM + ".", e);
    } catch (KvException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option memory does not do: " + e.getMessage() + ".", e);
    }
  }

  private static Path path(String option, String value) throws SQLException {
    if (value.isBlank()) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option " + option + " is empty.");
    }
    try {
      Path path = value.startsWith("~/") ? Path.of(System.getProperty("user.home"), value.substring(2)) : Path.of(value);
      Path absolute = path.toAbsolutePath().normalize();
      return absolute.toFile().exists() ? absolute.toRealPath() : absolute;
    } catch (InvalidPathException | IOException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The option " + option + " is not a path: " + e.getMessage(), e);
    }
  }
}
