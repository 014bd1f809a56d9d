package org.treatydb.examples.keyvalue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.examples.ExampleProcess;

class BoxOfficeTest {

  @TempDir Path directory;

  @Test
  void sellsEachSeatOnceAndTakesAnOrderOnce() throws Exception {
    String place = directory.resolve("office").toString();
    assertEquals(
        List.of("60 seats sold, 0 free", "order 1 taken", "order 1 was there already", "seats 1 and 2 swapped"),
        ExampleProcess.run(directory, BoxOffice.class, place).lines().toList());
    assertEquals(
        List.of("60 seats sold, 0 free", "order 1 was there already", "order 1 was there already", "seats 1 and 2 swapped"),
        ExampleProcess.run(directory, BoxOffice.class, place).lines().toList());
  }
}
