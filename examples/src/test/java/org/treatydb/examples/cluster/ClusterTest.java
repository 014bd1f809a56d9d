package org.treatydb.examples.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.examples.ExampleProcess;

class ClusterTest {

  @TempDir Path directory;

  @Test
  void sellsWhileItsProcessesAreKilledIsAttackedAndNotices() throws Exception {
    String output = ExampleProcess.run(
        directory, ClusterCommand.class, "all", "--quick", "--directory", directory.resolve("cluster").toString());
    assertTrue(output.contains("loaded 15,607 rows"), output);
    for (String node : LocalCluster.NODES) {
      assertTrue(output.contains("started " + node + " again"), output);
    }
    assertTrue(output.contains("started the CAS again"), output);
    assertEquals(7, output.lines().filter(line -> line.contains("every one that was acknowledged, and no other")).count(), output);
    assertEquals(2, output.lines().filter(line -> line.contains("[XX001] Integrity violation: ")).count(), output);
    assertTrue(output.contains("the certificate of node 3 has been revoked"), output);
    assertEquals(2, output.lines().filter(line -> line.contains("not one of them is to be found")).count(), output);
    assertTrue(output.contains("All is as it should be."), output);
  }
}
