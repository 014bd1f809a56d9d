package org.treatydb.examples.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.examples.ExampleProcess;

class WishListTest {

  @TempDir Path directory;

  @Test
  void joinsTreatyWithAnotherDatabaseAndSendsEachItsPart() throws Exception {
    List<String> lines = ExampleProcess.run(directory, WishList.class).lines().toList();
    int plan = lines.indexOf(lines.stream().filter(line -> line.startsWith("Enumerable")).findFirst().orElseThrow());
    assertEquals(
        List.of("Ada | For Those About To Rock (We Salute You) | 1", "Ada | Overdose | 1",
            "Bert | For Those About To Rock (We Salute You) | 3", "Cleo | Koyaanisqatsi | 2"),
        lines.subList(plan - 4, plan));
    List<String> steps = lines.subList(plan, lines.size()).stream().map(String::strip).toList();
    int scan = steps.indexOf("JdbcTableScan(table=[[shop, wish]])");
    assertTrue(scan > 0 && steps.get(scan - 1).startsWith("JdbcFilter("), () -> "the condition is not sent to Treaty: " + steps);
  }
}
