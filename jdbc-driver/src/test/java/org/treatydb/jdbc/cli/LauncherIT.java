package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real script, with the jars of this build. */
class LauncherIT {

  @TempDir
  Path directory;

  private String url;

  @BeforeEach
  void prepare() throws IOException {
    Path key = Files.writeString(directory.resolve("key"), "0123456789abcdef".repeat(4));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    url = "jdbc:treaty:file:" + directory.resolve("my data") + ";keyFile=" + key + ";counterDir=" + directory.resolve("counters");
  }

  private Launched treaty(String... arguments) throws Exception {
    return Launched.treaty(directory, "", arguments);
  }

  private static void assertCalledWrongly(Launched launched, String reason) {
    assertEquals(2, launched.exitCode(), launched.err());
    assertTrue(launched.err().contains(reason), launched.err());
    assertEquals("", launched.out());
  }

  private static void assertFailed(Launched launched, String reason) {
    assertEquals(1, launched.exitCode(), launched.err());
    List<String> lines = launched.err().lines().filter(line -> line.startsWith("treaty: ")).toList();
    assertEquals(1, lines.size(), launched.err());
    assertTrue(lines.get(0).contains(reason), launched.err());
    assertFalse(launched.err().contains("\tat "), launched.err());
  }

  @Test
  void helpAndVersionAreGiven() throws Exception {
    assertEquals("treaty 0.1.0\n", treaty("--version").out());
    Launched help = treaty("--help");
    assertEquals(0, help.exitCode());
    for (String command : List.of("server", "sql", "classpath")) {
      assertTrue(help.out().contains(command), help.out());
    }
  }

  @Test
  void badCallsGiveTheUsageAndExitCode2() throws Exception {
    assertCalledWrongly(treaty(), "Say what to do");
    assertTrue(treaty("sql").err().contains("Usage: treaty sql"));
    assertCalledWrongly(treaty("frobnicate"), "frobnicate");
    assertCalledWrongly(treaty("sql"), "URL");
    assertCalledWrongly(treaty("sql", "jdbc:other:x", "-e", "select 1"), "not a Treaty URL");
    assertCalledWrongly(treaty("server", "--listen", "127.0.0.1:0"), "--data");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "nowhere"), "HOST:PORT");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "0.0.0.0:0"), "--insecure");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--transaction-idle-seconds", "0"), "at least 1");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--snapshot-age-seconds", "-1"), "at least 1");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--transaction-timeout-seconds", "1h"), "'1h'");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--uncommitted-memory", "much"), "such as 512MB");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--memory", "0"), "at least 8 MiB");
    assertCalledWrongly(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--query-memory", "0"), "at least 1");
    assertCalledWrongly(treaty("sql", url, "-f", "f", "-e", "select 1"), "not both");
    assertFalse(Files.exists(directory.resolve("d")));
  }

  @Test
  void failuresAreOneLineWithTheSqlStateAndExitCode1() throws Exception {
    assertFailed(treaty("sql", "jdbc:treaty://127.0.0.1:1/", "-e", "select 1"), "[08001] No server answers");
    assertFailed(treaty("sql", url + ";colour=red", "-e", "select 1"), "[08001] Unknown option 'colour'");
    assertFailed(treaty("sql", url, "-f", "missing.sql"), "There is no file missing.sql");
    assertFalse(Files.exists(directory.resolve("my data")));
    assertFailed(treaty("server", "--data", "d", "--listen", "127.0.0.1:0", "--key-file", "none"), "[28000]");
  }

  @Test
  void scriptsPrintTheirRowsAndNothingElse() throws Exception {
    Launched created = treaty("sql", url, "-e", "create table t (id integer primary key, name varchar(20));"
        + " insert into t values (1, 'Ünïcode'), (22, null); select * from t order by id");
    assertEquals("", created.err());
    assertEquals("""
         id | name
        ----+---------
          1 | Ünïcode
         22 | NULL
        """, created.out());
    assertEquals(0, created.exitCode());
    Files.writeString(directory.resolve("script.sql"), "-- a comment; with a semicolon\nselect count(*) as n\nfrom t;\n");
    assertEquals(" n\n---\n 2\n", treaty("sql", url, "-f", "script.sql").out());
    assertEquals(" id\n----\n  1\n", Launched.treaty(directory, "select id from t where name like 'Ü%';", "sql", url).out());
  }

  @Test
  void severalTextsRunInOrderAndCommentsAloneDoNothing() throws Exception {
    assertEquals(new Launched(0, " n\n---\n 1\n n\n---\n 2\n", ""), treaty("sql", url,
        "-e", "select * from (values (1)) as v (n)", "-e", "; -- nothing", "-e", "select * from (values (2)) as v (n)"));
  }

  @Test
  void aScriptStopsAtTheFirstError() throws Exception {
    Launched launched = treaty("sql", url, "-e", "create table t (id integer primary key);\nselect nothing from t;\ndrop table t");
    assertFailed(launched, "line 2: [42703]");
    assertEquals(" n\n---\n 0\n", treaty("sql", url, "-e", "select count(*) as n from t").out());
  }

  @Test
  void theScriptWorksThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("to-treaty"), Launched.SCRIPT);
    Path relative = Files.createSymbolicLink(directory.resolve("again"), Path.of("to-treaty"));
    assertTrue(Files.exists(link));
    assertEquals("treaty 0.1.0\n", Launched.run(directory, "", List.of(relative.toString(), "--version")).out());
  }

  @Test
  void aMissingBuildIsSaid() throws Exception {
    Path script = directory.resolve("copy/jdbc-driver/bin/treaty");
    Files.createDirectories(script.getParent());
    Files.copy(Launched.SCRIPT, script, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Launched launched = Launched.run(directory, "", List.of(script.toString(), "--version"));
    assertFailed(launched, "not built yet");
    assertTrue(launched.err().contains("mvn "), launched.err());
  }

  @Test
  void aProgramRunsWithThePrintedClassPath() throws Exception {
    Path program = Files.writeString(directory.resolve("Program.java"), """
        public class Program {
          public static void main(String[] arguments) throws Exception {
            try (var connection = java.sql.DriverManager.getConnection(arguments[0])) {
              var result = connection.createStatement().executeQuery("values (40 + 2)");
              result.next();
              System.out.println(result.getInt(1));
            } catch (java.sql.SQLException e) {
              System.out.println(e.getSQLState() + " " + e.getMessage());
            }
          }
        }
        """);
    String classPath = treaty("classpath").out().strip();
    assertEquals("42\n", run(classPath, program, "jdbc:treaty:mem:m"));
    String clientOnly = Path.of("target/treaty-jdbc.jar").toAbsolutePath().toString();
    String answer = run(clientOnly, program, "jdbc:treaty:mem:m");
    assertTrue(answer.startsWith("08001 ") && answer.contains("only the client is on the class path"), answer);
    assertTrue(run(clientOnly, program, "jdbc:treaty://127.0.0.1:1/").startsWith("08001 No server answers"));
  }

  private String run(String classPath, Path program, String argument) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Launched.run(directory, "", List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", classPath, program.toString(), argument))
        .out();
  }
}
