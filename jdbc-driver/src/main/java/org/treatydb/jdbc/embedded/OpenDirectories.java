package org.treatydb.jdbc.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/**
 * The databases in directories that this process has open, each shared by all of its users: opened for the first, closed after the last.
 *
 * <p>Thread-safe. Opening and closing are serialized, over all directories.
 */
final class OpenDirectories {

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Shared> open = new HashMap<>();

  /** One directory's database and how many use it. Guarded by the lock. */
  private static final class Shared {
    private final Database database;
    private final EmbeddedStoreOptions options;
    private int users;

    Shared(Database database, EmbeddedStoreOptions options) {
      this.database = database;
      this.options = options;
    }
  }

  /**
   * The database in {@code directory}, which the caller must {@link #leave}.
   *
   * @throws SQLException 08001 if it is open already, with other options
   */
  Database join(Path directory, EmbeddedStoreOptions options) throws SQLException {
    lock.lock();
    try {
      Path key = realPath(directory);
      Shared shared = open.get(key);
      if (shared == null) {
        shared = new Shared(Database.open(key, options), options);
        open.put(key, shared);
      } else if (!shared.options.equals(options)) {
        throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The database in " + key + " is open in this process with another keyFile, "
            + "counterDir, passphrase or memory. Give the same options for every connection.");
      }
      shared.users++;
      return shared.database;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up a database that {@link #join} gave. */
  void leave(Database database) {
    lock.lock();
    try {
      for (Map.Entry<Path, Shared> entry : open.entrySet()) {
        if (entry.getValue().database == database) {
          if (--entry.getValue().users == 0) {
            open.remove(entry.getKey());
            database.close();
          }
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The directory without symbolic links, as far as it exists. */
  private static Path realPath(Path directory) throws SQLException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path existing = absolute;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return existing == null ? absolute : existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    } catch (IOException e) {
      throw SqlErrors.of("58030", "The directory " + absolute + " cannot be read: " + e.getMessage(), e);
    }
  }
}
