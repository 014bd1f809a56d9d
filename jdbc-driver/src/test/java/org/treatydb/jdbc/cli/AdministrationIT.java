package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands that look after a database, as an operator does. */
class AdministrationIT {

  @TempDir
  Path directory;

  private Path key;

  @BeforeEach
  void makeADatabase() throws Exception {
    key = makeKey("key", "0123456789abcdef");
    assertEquals(0, sql("shop", "create table t (id integer primary key); insert into t values (1), (2)").exitCode());
  }

  private Path makeKey(String name, String digits) throws IOException {
    Path file = Files.writeString(directory.resolve(name), digits.repeat(4));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Launched sql(String database, String statements) throws Exception {
    String url = "jdbc:treaty:file:" + directory.resolve(database) + ";keyFile=" + key + ";counterDir=" + directory.resolve("counters");
    return Launched.treaty(directory, "", "sql", url, "-e", statements);
  }

  /** Runs a command with this test's key and counters. */
  private Launched treaty(String input, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--key-file", key.toString(), "--counter-dir", directory.resolve("counters").toString()));
    return Launched.treaty(directory, input, all.toArray(String[]::new));
  }

  private static void assertSays(int exitCode, String text, Launched launched) {
    assertEquals(exitCode, launched.exitCode(), launched.toString());
    assertTrue((exitCode == 0 ? launched.out() : launched.err()).contains(text), launched.toString());
  }

  @Test
  void aMovedDatabaseIsAdoptedByTypingItsId() throws Exception {
    Files.move(directory.resolve("shop"), directory.resolve("moved"));
    assertSays(1, "[XX001]", sql("moved", "select * from t"));
    assertSays(1, "Nothing has changed", treaty("yes\n", "adopt", "moved"));
    assertSays(1, "[XX001]", sql("moved", "select * from t"));
    String asked = treaty("", "adopt", "moved").out();
    String id = asked.lines().filter(line -> line.startsWith("store ")).findFirst().orElseThrow().replaceAll("store +", "");
    assertTrue(asked.contains("nothing it knows of is lost"), asked);
    Launched adopted = treaty(id + "\n", "adopt", "moved");
    assertSays(0, "Adopted.", adopted);
    assertTrue(adopted.err().contains("WARN") && adopted.err().contains("said nothing, and now says store " + id), adopted.err());
    assertSays(0, "2", sql("moved", "select count(*) from t"));
    assertSays(0, "nothing to adopt", treaty("", "adopt", "moved"));
    assertSays(1, "[58P01]", treaty("", "adopt", "nowhere"));
  }

  @Test
  void aSoundDatabaseIsVerifiedAndAChangedOneIsNot() throws Exception {
    assertSays(0, "Everything is as it was left.", treaty("", "verify", "shop"));
    Path log = Files.list(directory.resolve("shop/manifest")).sorted().toList().getLast();
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length - 1] ^= 1;
    Files.write(log, bytes);
    assertSays(1, "[XX001] Integrity violation: the MANIFEST was changed", treaty("", "verify", "shop"));
    assertSays(1, "[XX001]", treaty("", "adopt", "shop", "--yes"));
  }

  @Test
  void aBackupIsMadeCheckedAndRestored() throws Exception {
    assertSays(0, "Backed up to saved, and read back", treaty("", "backup", "shop", "saved"));
    assertSays(0, "Everything is authentic", treaty("", "verify", "saved", "--copy"));
    assertSays(1, "[XX001]", treaty("", "verify", "saved"));
    assertSays(0, "", sql("shop", "insert into t values (3)"));
    assertSays(1, "not empty", treaty("", "backup", "shop", "saved"));
    assertSays(1, "[58P01]", treaty("", "backup", "nowhere", "saved2"));
    Files.move(directory.resolve("shop"), directory.resolve("lost"));
    Files.move(directory.resolve("saved"), directory.resolve("shop"));
    assertSays(0, "commits are LOST", treaty("", "adopt", "shop", "--yes"));
    assertSays(0, "2", sql("shop", "select count(*) from t"));
  }

  @Test
  void theRootKeyIsChanged() throws Exception {
    assertEquals(2, treaty("", "rekey", "shop").exitCode());
    assertSays(0, "The root key is changed.", treaty("", "rekey", "shop", "--new-key-file", "new-key"));
    assertSays(1, "[28000]", sql("shop", "select * from t"));
    key = directory.resolve("new-key");
    assertSays(0, "2", sql("shop", "select count(*) from t"));
  }
}
