package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher's import and export. */
class CsvIT {

  @TempDir
  Path directory;

  private Launched treaty(String input, String... arguments) throws Exception {
    return Launched.treaty(directory, input, arguments);
  }

  @Test
  void aFileIsImportedAndExported() throws Exception {
    String url = "jdbc:treaty:file:" + directory.resolve("data");
    assertEquals(0, treaty("", "sql", url, "-e", "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR)").exitCode());
    Path file = Files.writeString(directory.resolve("items.csv"), "id,name\n1,ünï\nx,bad\n2,\n");
    Path rejected = directory.resolve("rejected.csv");
    Launched imported = treaty("", "import", url, "--table", "item", "--rejected", rejected.toString(), file.toString());
    assertEquals(1, imported.exitCode(), imported.err());
    assertEquals("2 records imported, 1 rejected.\n", imported.out());
    assertTrue(imported.err().startsWith("line 3: [22018] "), imported.err());
    assertEquals("\"id\",\"name\"\n\"x\",\"bad\"\n", Files.readString(rejected));

    Launched rest = treaty("3|\n", "import", url, "--table", "item", "--no-header", "--delimiter", "|", "-");
    assertEquals("1 records imported.\n", rest.out(), rest.err());
    assertEquals(0, rest.exitCode());

    Path exported = directory.resolve("exported.csv");
    String query = "SELECT id, name FROM item ORDER BY id";
    assertEquals("3 rows exported.\n", treaty("", "export", url, "--query", query, exported.toString()).out());
    assertEquals("\"id\",\"name\"\n1,\"ünï\"\n2,\n3,\n", Files.readString(exported));
    assertEquals(Files.readString(exported), treaty("", "export", url, "--query", query, "-").out());

    Launched refused = treaty("", "export", url, "--table", "item", exported.toString());
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("There is a file"), refused.err());
    assertTrue(Files.size(exported) > 0, "what was there is gone");
    Launched nothing = treaty("", "export", url, "--table", "nothing", directory.resolve("nothing.csv").toString());
    assertTrue(nothing.err().contains("[42P01]"), nothing.err());
    assertFalse(Files.exists(directory.resolve("nothing.csv")));
    assertEquals(2, treaty("", "import", url, file.toString()).exitCode());
  }
}
