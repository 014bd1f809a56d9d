package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the launcher with a database that has users. */
class UsersIT {

  @TempDir
  Path directory;

  private Launched treaty(String input, String... arguments) throws Exception {
    return Launched.treaty(directory, input, arguments);
  }

  @Test
  void fromTheFirstUserOnCommandsSayWhoConnects() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "canary-1\n");
    try (LaunchedServer server = LaunchedServer.start(directory, "--data", "data")) {
      String url = server.url();
      assertEquals(0, treaty("create table t (a integer); insert into t values (7);\n"
          + "create user ada superuser password 'canary-1';\n", "sql", url).exitCode());
      Launched nobody = treaty("", "sql", url, "-e", "select a from t");
      assertEquals(1, nobody.exitCode());
      assertTrue(nobody.err().contains("28000"), nobody.err());
      Launched ada = treaty("", "sql", url, "--user", "ada", "--password-file", password.toString(), "-e", "select a from t");
      assertTrue(ada.exitCode() == 0 && ada.out().contains("7"), ada.err());
      Launched wrong = treaty("", "sql", url, "--user", "ada", "-e", "select a from t");
      assertTrue(wrong.exitCode() == 1 && wrong.err().contains("28P01"), wrong.err());
      assertEquals(2, treaty("", "sql", url, "--password-file", password.toString(), "-e", "select 1").exitCode());
      Launched exported = treaty("", "export", url, "-u", "ada", "--password-file", password.toString(), "--table", "t", "-");
      assertEquals("\"a\"\n7\n", exported.out(), exported.err());
      String log = Files.readString(server.log());
      assertTrue(log.contains("event=change user=\"treaty\"") && log.contains("outcome=ok user=\"ada\"")
          && log.contains("outcome=refused user=\"ada\""), log);
      assertFalse(log.contains("canary"), log);
    }
    // Who has the root key is the administrator still.
    assertEquals(0, treaty("", "sql", "jdbc:treaty:file:data", "-e", "select * from sys.locks").exitCode());
    assertEquals(1, treaty("", "sql", "jdbc:treaty:file:data", "--user", "ada", "-e", "select 1").exitCode());
  }
}
