package org.treatydb.sql.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.golden.GoldenFile;
import org.treatydb.sql.session.TreatyDatabase;

/** Every script gives what it says it gives. {@code -Dgolden.update=true} writes the scripts anew, with what they gave. */
class SqlScriptTest {

  private static final Path SCRIPTS = Path.of("src", "test", "resources", "golden", "sql");

  static List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".sqlt")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void givesWhatItSays(String script) throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store)) {
      GoldenFile.check("sql/" + script, SqlScript.run(database, Files.readString(SCRIPTS.resolve(script))));
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void givesTheSameWhenTablesHaveSeveralBuckets(String script) throws Exception {
    try (EmbeddedStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store, 5)) {
      String text = Files.readString(SCRIPTS.resolve(script));
      assertEquals(withoutPlans(text), withoutPlans(SqlScript.run(database, text)));
    }
  }

  /** The script without what EXPLAIN gave: plans tell how many buckets are asked. */
  private static String withoutPlans(String script) {
    return script.replaceAll("> plan\n(> .*\n)*", "> plan\n");
  }
}
