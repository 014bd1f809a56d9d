package org.treatydb.sql.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A text file under {@code src/test/resources/golden} that a test's output must equal. {@code mvn verify -pl calcite-adapter -am
 * -Dgolden.update=true} rewrites the files from what the tests give; read the difference before committing it, above all for storage
 * formats, which must not change.
 */
public final class GoldenFile {

  private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private GoldenFile() {}

  /** The lines of a golden file that begin with {@code prefix}, without it: the inputs of a file that holds inputs and outputs. */
  public static List<String> inputs(String name, String prefix) {
    try {
      return Files.readAllLines(FOLDER.resolve(name)).stream()
          .filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length())).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static void check(String name, String actual) {
    Path file = FOLDER.resolve(name);
    try {
      if (UPDATE) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, actual);
      }
      assertTrue(Files.exists(file), () -> file + " is missing; -Dgolden.update=true writes it");
      assertEquals(Files.readString(file), actual, () -> "differs from " + file + "; if it should, -Dgolden.update=true rewrites it");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
