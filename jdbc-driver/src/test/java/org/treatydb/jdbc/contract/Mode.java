package org.treatydb.jdbc.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.UUID;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.jdbc.server.TreatyServer;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/** The ways to reach a database: what is promised must hold over each. */
enum Mode {
  MEMORY {
    @Override
    TestDatabase open(Path directory) {
      return new TestDatabase("jdbc:treaty:mem:" + UUID.randomUUID(), () -> { });
    }
  },

  FILE {
    @Override
    TestDatabase open(Path directory) throws IOException {
      String url = "jdbc:treaty:file:" + directory.resolve("data") + ";keyFile=" + keyFile(directory) + ";counterDir="
          + directory.resolve("counters");
      return new TestDatabase(url, () -> { });
    }
  },

  REMOTE {
    @Override
    TestDatabase open(Path directory) throws IOException, SQLException {
      EmbeddedStoreOptions options = EmbeddedStoreOptions.defaults()
          .withKeyFile(keyFile(directory)).withCounterDirectory(directory.resolve("counters"));
      Database database = Database.open(directory.resolve("data"), options);
      TreatyServer server = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.start(database.sessions());
      return new TestDatabase("jdbc:treaty://127.0.0.1:" + server.port() + "/", () -> {
        server.close();
        database.close();
      });
    }
  };

  abstract TestDatabase open(Path directory) throws IOException, SQLException;

  static Path keyFile(Path directory) throws IOException {
    Path file = directory.resolve("key");
    if (!Files.exists(file)) {
      byte[] key = new byte[32];
      new java.security.SecureRandom().nextBytes(key);
      Files.writeString(file, HexFormat.of().formatHex(key) + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    return file;
  }
}
