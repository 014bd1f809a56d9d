package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts of calcite-adapter's SQL suite give over a server what they give in the process. */
class SqlScriptOverJdbcTest {

  private static final Path SCRIPTS = Path.of("..", "calcite-adapter", "src", "test", "resources", "golden", "sql");

  @TempDir
  Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"on_conflict", "returning", "joined_changes", "schemas", "create_table_as", "views", "checks", "sequences",
      "generated_columns", "alter_table", "information_schema"})
  void givesTheSameOverAServer(String script) throws Exception {
    String text = Files.readString(SCRIPTS.resolve(script + ".sqlt"));
    try (TestDatabase database = Mode.REMOTE.open(directory)) {
      assertEquals(text, JdbcScript.run(database, text));
    }
  }
}
