package org.treatydb.examples.musicstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.examples.ExampleProcess;

class MusicStoreTest {

  @TempDir Path directory;

  @Test
  void sellsIsKilledIsAttackedAndNotices() throws Exception {
    String output = ExampleProcess.run(directory, MusicStore.class, directory.resolve("store").toString());
    assertTrue(output.contains("loaded 15,607 rows"), output);
    assertTrue(output.contains("every acknowledged sale is there, and no half sale"), output);
    assertTrue(output.contains("not one of them is to be found"), output);
    assertEquals(2, output.lines().filter(line -> line.matches("  refused: .*Integrity violation: .*")).count(), output);
    assertTrue(output.contains("All is as it should be."), output);
  }
}
